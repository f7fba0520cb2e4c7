// Small helps for people who work without a mouse.

export function startKeyboard(root) {
  for (const menu of root.querySelectorAll('details[data-menu]')) {
    menu.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !menu.open) return
      menu.open = false
      menu.querySelector('summary').focus()
    })
    menu.addEventListener('focusout', (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false
    })
    document.addEventListener('click', (event) => {
      if (!menu.contains(event.target)) menu.open = false
    })
  }
  for (const button of root.querySelectorAll('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print())
  }
  // What keys do is told only where they do it.
  for (const hint of root.querySelectorAll('[data-keys]')) hint.hidden = false
}

// A radio may not say that something is expanded (ARIA allows it on checkboxes only); what it reveals
// follows it in the page and is announced when reached.
new MutationObserver((changes) => {
  for (const { target } of changes) {
    if (target.type === 'radio' && target.hasAttribute('aria-expanded')) target.removeAttribute('aria-expanded')
  }
}).observe(document.documentElement, { attributes: true, attributeFilter: ['aria-expanded'], subtree: true })

// Ctrl+S or Cmd+S presses the first button of the form one is typing in.
document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 's' || !(event.ctrlKey || event.metaKey)) return
  const form = document.activeElement?.closest('form[method="post"]')
  if (!form) return
  event.preventDefault()
  form.requestSubmit()
})

// On a scale of marks the number key chooses the mark: only while one of its choices has the focus.
document.addEventListener('keydown', (event) => {
  if (!/^[0-9]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.type !== 'radio') return
  const scale = event.target.closest('[data-number-keys]')
  const choice = scale?.querySelector(`input[type="radio"][value="${event.key}"]`)
  if (!choice) return
  event.preventDefault()
  choice.focus()
  choice.click()
})
