// Shows texts of earlier bids under the box they are for, and puts the chosen one into it. Without this file the same
// button saves the draft and leads to a page of its own.

/** The box with an earlier text below what is written there already, as the server does it. */
export function withEarlier(now, earlier) {
  const there = now.trimEnd()
  const text = earlier.trim()
  if (!there || there.includes(text)) return there || text
  return `${there}\n\n${text}`
}

function fill(box, text) {
  box.value = withEarlier(box.value, text)
  box.dispatchEvent(new Event('input', { bubbles: true }))
  box.focus()
}

async function show(button, box) {
  const answer = await fetch(button.dataset.earlier, { credentials: 'same-origin' })
  if (!answer.ok) throw new Error(String(answer.status))
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const list = page.querySelector('[data-earlier-texts]')
  if (!list) throw new Error('nothing to show')
  const panel = document.createElement('div')
  panel.className = 'sv-earlier'
  panel.dataset.earlierPanel = ''
  for (const section of list.children) {
    const place = section.querySelector('[data-earlier-text]')
    const use = section.querySelector('[data-earlier-use]')
    if (!place || !use) continue
    const text = place.dataset.earlierText
    // A form inside a form is no form: the button stands alone here.
    use.type = 'button'
    section.querySelector('form').replaceWith(use)
    use.addEventListener('click', () => {
      panel.remove()
      button.setAttribute('aria-expanded', 'false')
      fill(box, text)
    })
    panel.append(section)
  }
  button.after(panel)
  button.setAttribute('aria-expanded', 'true')
  panel.querySelector('[data-earlier-use]')?.focus()
}

export function startEarlier(root) {
  for (const button of root.querySelectorAll('[data-earlier]')) {
    if (button.dataset.started) continue
    button.dataset.started = 'yes'
    button.setAttribute('aria-expanded', 'false')
    button.addEventListener('click', (event) => {
      const box = document.getElementById(button.dataset.earlierBox)
      if (!box) return
      event.preventDefault()
      const open = button.nextElementSibling
      if (open && 'earlierPanel' in open.dataset) {
        open.remove()
        button.setAttribute('aria-expanded', 'false')
        return
      }
      show(button, box).catch(() => button.form.requestSubmit(button))
    })
  }
}
