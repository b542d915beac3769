// Every page: the menu shows where one is, and the person's menu closes by a tap elsewhere or by Escape.

for (const current of document.querySelectorAll('.bar-nav [aria-current], .sub-nav [aria-current]')) {
  const nav = current.parentElement
  nav.scrollLeft = current.offsetLeft - nav.offsetLeft - (nav.clientWidth - current.offsetWidth) / 2
}

const menu = document.querySelector('.bar-me')
if (menu) {
  document.addEventListener('click', (event) => {
    if (!menu.contains(event.target)) menu.open = false
  })
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !menu.open) return
    menu.open = false
    menu.querySelector('summary').focus()
  })
}

// A till that opens without the server must know that nobody is signed in any more.
document.querySelector('form[action$="/keluar"]')?.addEventListener('submit', () => localStorage.setItem('keluar', '1'))
