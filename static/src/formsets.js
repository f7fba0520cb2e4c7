// Rows that are added and removed in the page; without this file the same buttons submit the form.

/** Give every row its number in names, ids and words, and tell the server how many there are. */
function renumber(box) {
  const prefix = box.dataset.formset
  const rows = [...box.querySelectorAll(':scope > [data-formset-rows] > [data-formset-row]')]
  const pattern = new RegExp(`(${prefix}-)(\\d+|__prefix__)(?=-|$)`, 'g')
  rows.forEach((row, index) => {
    for (const element of row.querySelectorAll('*')) {
      for (const name of ['id', 'name', 'for', 'aria-describedby', 'aria-controls', 'data-aria-controls']) {
        const value = element.getAttribute(name)
        if (value) element.setAttribute(name, value.replace(pattern, `$1${index}`))
      }
      if (element.hasAttribute('data-formset-number')) element.textContent = String(index + 1)
      if (element.hasAttribute('data-formset-remove')) element.value = String(index)
    }
  })
  const total = box.querySelector(`[name="${prefix}-TOTAL_FORMS"]`)
  if (total) total.value = String(rows.length)
  const initial = box.querySelector(`[name="${prefix}-INITIAL_FORMS"]`)
  if (initial && Number(initial.value) > rows.length) initial.value = String(rows.length)
  const limit = Number(box.dataset.formsetMax || 0)
  const add = box.querySelector('[data-formset-add]')
  if (add) add.hidden = limit > 0 && rows.length >= limit
  return rows
}

function nameAfter(row, prefix) {
  for (const element of row.querySelectorAll('*')) {
    for (const { name, value } of [...element.attributes]) {
      if (value.includes('__formset__')) element.setAttribute(name, value.replaceAll('__formset__', prefix))
    }
  }
}

function addRow(box, start) {
  // Many formsets of a page may share one template: it names them __formset__.
  const shared = box.dataset.formsetFrom
  const template = shared ? document.getElementById(shared) : box.querySelector('[data-formset-template]')
  const place = box.querySelector('[data-formset-rows]')
  const piece = template.content.cloneNode(true)
  const row = piece.querySelector('[data-formset-row]')
  if (shared) nameAfter(row, box.dataset.formset)
  place.append(piece)
  renumber(box)
  start(row)
  row.querySelector('input:not([type=hidden]), select, textarea')?.focus()
}

function removeRow(box, row) {
  const rows = [...box.querySelectorAll('[data-formset-row]')]
  const next = rows[rows.indexOf(row) + 1] || rows[rows.indexOf(row) - 1]
  row.remove()
  renumber(box)
  const target = next?.querySelector('input:not([type=hidden]), select, textarea')
  ;(target || box.querySelector('[data-formset-add]'))?.focus()
  box.dispatchEvent(new Event('change', { bubbles: true }))
}

export function startFormsets(root, start) {
  for (const box of root.querySelectorAll('[data-formset]')) {
    if (box.dataset.started) continue
    box.dataset.started = 'yes'
    box.addEventListener('click', (event) => {
      if (event.target.closest('[data-formset-add]')) {
        event.preventDefault()
        addRow(box, start)
      }
      const button = event.target.closest('[data-formset-remove]')
      if (button) {
        event.preventDefault()
        removeRow(box, button.closest('[data-formset-row]'))
      }
    })
  }
}
