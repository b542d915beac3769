// Own layouts: the drawing follows the figures as they are typed; the server draws it.

const form = document.getElementById('measure')
const drawing = document.getElementById('drawing')
let waiting

form.addEventListener('input', () => {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    const figures = new URLSearchParams(new FormData(form))
    figures.delete('csrf_token')
    figures.delete('name')
    drawing.src = `${form.dataset.drawing}?${figures}`
  }, 150)
})
