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

// What was refused is shown where it stands: a form is longer than a phone, and it comes back at its top.
const refused = document.querySelector('main :is([aria-invalid="true"], .has-error, [data-refused])')
if (refused) {
  const fields = ':is(input:not([type="hidden"]), select, textarea):not(:disabled)'
  const field = refused.matches(`${fields}, [data-refused]`) ? refused : refused.querySelector(fields)
  const folded = refused.closest('details')
  if (folded) folded.open = true
  field?.focus({ preventScroll: true })
  const show = () => refused.scrollIntoView({ block: 'center', behavior: 'instant' })
  show()
  if (document.readyState !== 'complete') addEventListener('load', show, { once: true }) // pictures above it have come
}

// A till that opens without the server must know that nobody is signed in any more.
document.querySelector('form[action$="/keluar"]')?.addEventListener('submit', () => localStorage.setItem('keluar', '1'))
