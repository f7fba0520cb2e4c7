// Running totals: exact sums of what is in the boxes, in thousandths so that 0.1 + 0.2 is 0.3.
const scale = 1000n

/** Thousandths of what was typed, or null when it is not a number. */
export function parse(text) {
  const cleaned = text.trim().replace(/[£,\s\u00a0]/g, '').replace(/%$/, '')
  const found = /^(-?)(\d*)(?:\.(\d{0,3})\d*)?$/.exec(cleaned)
  if (!found || (!found[2] && !found[3])) return null
  const size = BigInt(found[2] || '0') * scale + BigInt((found[3] || '').padEnd(3, '0'))
  return found[1] ? -size : size
}

/** `1,234.5` from thousandths. */
export function show(thousandths) {
  const sign = thousandths < 0n ? '−' : ''
  const size = thousandths < 0n ? -thousandths : thousandths
  const whole = (size / scale).toString().replace(/\B(?=(\d{3})+$)/g, ',')
  const rest = (size % scale).toString().padStart(3, '0').replace(/0+$/, '')
  return sign + whole + (rest ? `.${rest}` : '')
}

function sentence(output, sum) {
  const before = output.dataset.prefix || ''
  const { unit } = output.dataset
  const after = !unit || unit === '%' ? unit || '' : ` ${unit}`
  const figure = (value) => `${before}${show(value)}${after}`
  const target = output.dataset.target ? parse(output.dataset.target) : null
  if (target === null) return figure(sum)
  const rest = target - sum
  const state = rest === 0n ? 'adds up' : rest > 0n ? `${figure(rest)} left to place` : `${figure(-rest)} too much`
  return `${figure(sum)} of ${figure(target)}: ${state}`
}

/** What is hidden with another choice is not part of the sum. */
const counts = (box) => !box.closest('.govuk-radios__conditional--hidden')

function update(output) {
  const name = output.dataset.totalOutput
  let sum = 0n
  for (const box of document.querySelectorAll(`[data-running-total="${name}"]`)) if (counts(box)) sum += parse(box.value) || 0n
  const text = sentence(output, sum)
  if (output.textContent !== text) output.textContent = text
}

export function startTotals(root) {
  for (const output of root.querySelectorAll('[data-total-output]')) {
    if (output.dataset.started) continue
    output.dataset.started = 'yes'
    output.setAttribute('aria-live', 'polite')
    output.closest('[hidden]')?.removeAttribute('hidden')
    const listen = () => update(output)
    document.addEventListener('input', listen)
    document.addEventListener('change', listen)
    update(output)
  }
}
