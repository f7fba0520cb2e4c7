// A switch that loads the page anew says so first when something typed is not saved. Pressed again, it goes on.
const warning = 'Something you typed is not saved. Save it first, or press again to go on without it.'

export function startUnsaved() {
  let isTyped = false
  document.addEventListener('input', (event) => {
    const form = event.target.form
    if (form && form.method === 'post' && !form.hasAttribute('data-autosave-url')) isTyped = true
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.hasAttribute('data-loads-anew')) {
      isTyped = false
      return
    }
    if (!isTyped) return
    event.preventDefault()
    isTyped = false
    const said = document.createElement('p')
    said.className = 'sv-header__warning'
    said.setAttribute('role', 'alert')
    said.textContent = warning
    form.append(said)
  }, true)
}
