// Going through claims by keys: j and k to the next and the previous, v and r press what the page says they press.
// Every key has a link or a button beside it, and all of them can be turned off (WCAG 2.1.4).
const stored = 'walk-keys'
const isOn = () => localStorage.getItem(stored) !== 'off'

export function startWalk(root) {
  for (const button of root.querySelectorAll('[data-walk-switch]')) {
    const say = () => {
      button.textContent = isOn() ? 'Turn these keys off' : 'Turn these keys on'
    }
    say()
    button.addEventListener('click', () => {
      localStorage.setItem(stored, isOn() ? 'off' : 'on')
      say()
    })
  }
}

function step(items, by) {
  const at = items.findIndex((item) => item.contains(document.activeElement))
  const next = items[at < 0 ? (by > 0 ? 0 : items.length - 1) : at + by]
  if (!next) return false
  next.focus()
  next.scrollIntoView({ block: 'nearest' })
  return true
}

function press(walk, key) {
  const items = [...walk.querySelectorAll('[data-walk-item]')]
  if (items.length) {
    if (key === 'j' || key === 'k') return step(items, key === 'j' ? 1 : -1)
    const item = items.find((one) => one.contains(document.activeElement))
    const found = item?.querySelector(`[data-key-${key}]`)
    found?.click()
    return Boolean(found)
  }
  const choice = walk.getAttribute(`data-walk-${key}`)
  const field = walk.dataset.walkField
  const found = choice
    ? walk.querySelector(`input[name="${field}"][value="${choice}"]`)
    : document.querySelector(`[data-key-${key}]`)
  found?.focus()
  found?.click()
  return Boolean(found)
}

const typed = 'input:not([type="checkbox"]):not([type="radio"]), textarea, select, [contenteditable]'

document.addEventListener('keydown', (event) => {
  if (!/^[jkvrx]$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || !isOn()) return
  const walk = document.querySelector('[data-walk]')
  if (!walk || event.target.closest(typed)) return
  if (press(walk, event.key)) event.preventDefault()
})
