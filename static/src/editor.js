// Writing a section of a report: what is inserted goes where the cursor is, the list is narrowed while one types, and
// the preview follows the text. Without this every press of a button does the same on the server.
const pause = 600

const onALine = /(^|\n)[ \t]*\{\s*(chart|table|story)\s*:[^{}\n]*\}[ \t]*$/

function insert(box, text, isBlock) {
  // Before anybody was in the box its cursor stands nowhere: then it goes to the end.
  if (!box.dataset.editorSeen) box.setSelectionRange(box.value.length, box.value.length)
  const from = box.selectionStart
  const before = box.value.slice(0, from)
  const after = box.value.slice(box.selectionEnd)
  let piece = text
  if (isBlock) {
    const lead = before === '' || before.endsWith('\n\n') ? '' : before.endsWith('\n') ? '\n' : '\n\n'
    const tail = after === '' || after.startsWith('\n\n') ? '' : after.startsWith('\n') ? '\n' : '\n\n'
    piece = lead + text + tail
  } else if (onALine.test(before)) {
    piece = `\n\n${text}`
  } else if (before !== '' && !/[\s(“"]$/.test(before)) {
    piece = ` ${text}`
  }
  if (!isBlock && /^[\p{L}\p{N}{]/u.test(after)) piece += ' '
  box.setRangeText(piece, from, box.selectionEnd, 'end')
  box.focus()
  box.dispatchEvent(new Event('input', { bubbles: true }))
}

function narrow(form, search) {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean)
  let found = 0
  for (const row of form.querySelectorAll('[data-insert-row]')) {
    const text = row.querySelector('[data-insert-text]').textContent.toLowerCase()
    row.hidden = !wanted.every((word) => text.includes(word))
    if (!row.hidden) found += 1
  }
  for (const group of form.querySelectorAll('[data-insert-group]')) {
    group.hidden = !group.querySelector('[data-insert-row]:not([hidden])')
  }
  const none = form.querySelector('[data-insert-none]')
  if (none) none.hidden = found > 0
  const said = form.querySelector('[data-insert-said]')
  if (said) said.textContent = found === 1 ? '1 can be inserted' : `${found} can be inserted`
}

function startPreview(form, box) {
  const place = form.querySelector('[data-preview]')
  if (!place || !form.dataset.previewUrl) return
  let timer = 0
  let asked = 0
  const show = async () => {
    const mine = ++asked
    place.setAttribute('aria-busy', 'true')
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: 'POST', body: new FormData(form), credentials: 'same-origin', headers: { 'X-Requested-With': 'fetch' } })
      // Signed out, an answer would be another page: what is shown stays.
      if (mine === asked && answer.ok && !answer.redirected) place.innerHTML = await answer.text()
    } catch {
      // Without an answer the last preview stays; the button shows it as ever.
    } finally {
      if (mine === asked) place.removeAttribute('aria-busy')
    }
  }
  box.addEventListener('input', () => {
    clearTimeout(timer)
    timer = setTimeout(show, pause)
  })
}

export function startEditor(root) {
  for (const form of root.querySelectorAll('form[data-editor]')) {
    if (form.dataset.editorStarted) continue
    form.dataset.editorStarted = 'yes'
    const box = form.querySelector('[data-editor-text]')
    if (!box) continue
    box.addEventListener('focus', () => {
      box.dataset.editorSeen = 'yes'
    })
    for (const button of form.querySelectorAll('[data-insert]')) {
      button.addEventListener('click', (event) => {
        event.preventDefault()
        insert(box, button.dataset.insert, button.hasAttribute('data-insert-block'))
      })
    }
    const search = form.querySelector('[data-insert-search]')
    if (search) {
      search.addEventListener('input', (event) => {
        event.stopPropagation()
        narrow(form, search)
      })
      search.addEventListener('keydown', (event) => {
        if (event.key === 'Enter') event.preventDefault()
      })
    }
    startPreview(form, box)
  }
}
