// Labels being made: the bar follows the server, and the file opens when it is there.

const bar = document.getElementById('progress')
const percent = document.getElementById('percent')

async function look() {
  try {
    const answer = await fetch(bar.dataset.watch)
    const said = await answer.text()
    if (!answer.ok || !/^\d+$/.test(said)) return location.reload()
    bar.value = percent.value = said
  } catch {
    // The server is away: what it made is still there when it is back.
  }
  setTimeout(look, 400)
}

if (bar) setTimeout(look, 300)
