// The set-up page: choosing the unit suggests its gallery and first register, and one press is enough.

const form = document.querySelector('form[data-once]')
const { unit, gallery, code } = form.elements
const suggested = new Map()

unit.addEventListener('input', () => {
  const option = [...document.getElementById('units').options].find((o) => o.value === unit.value)
  if (!option) return
  suggest(gallery, option.dataset.gallery)
  suggest(code, option.dataset.code)
})

// What a person typed stays.
function suggest(field, text) {
  if (field.value && field.value !== suggested.get(field)) return
  field.value = text
  suggested.set(field, text)
}

form.addEventListener('submit', (event) => {
  if (form.dataset.sent) event.preventDefault()
  form.dataset.sent = 'yes'
})
addEventListener('pageshow', () => delete form.dataset.sent)
