// A part of a form that is asked for only when a share is below 100: shown then, and whenever something stands in it.
import { parse } from './totals.js'

const whole = 100000n

export function startShares(root) {
  for (const part of root.querySelectorAll('[data-below-whole]')) {
    if (part.dataset.started) continue
    part.dataset.started = 'yes'
    const share = document.getElementById(part.dataset.belowWhole)
    const box = part.querySelector('textarea')
    if (!share || !box) continue
    const update = () => {
      const number = parse(share.value)
      const isBelow = share.value.trim() !== '' && number !== whole
      if (isBelow) part.open = true
      part.hidden = !isBelow && !box.value.trim() && !part.querySelector('.govuk-error-message')
    }
    share.addEventListener('input', update)
    update()
  }
}
