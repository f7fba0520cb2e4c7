// Filters change the list in place; the address changes with it, so that it can be shared.
const pause = 350

function addressOf(form) {
  const address = new URL(form.action, location.href)
  address.search = ''
  for (const [name, value] of new FormData(form)) {
    if (typeof value === 'string' && value !== '') address.searchParams.append(name, value)
  }
  return address
}

/** Downloads outside the list, the way back to everything, and a word for those who do not see it change. */
function follow(form, place, page) {
  const outside = (root, list) => [...root.querySelectorAll('[data-downloads]')].filter((one) => !list.contains(one))
  const fresh = outside(page, page.getElementById(form.dataset.filter))
  outside(document, place).forEach((links, index) => {
    if (fresh[index]) links.innerHTML = fresh[index].innerHTML
  })
  const clear = form.querySelector('[data-filter-clear]')
  if (clear) clear.hidden = addressOf(form).search === ''
  const said = form.querySelector('[data-filter-said]')
  if (said) said.textContent = place.querySelector('.sv-count')?.textContent.trim().replace(/\s+/g, ' ') || 'The list has changed'
}

export function startFilters(root, start) {
  for (const form of root.querySelectorAll('form[data-filter]')) {
    const place = document.getElementById(form.dataset.filter)
    if (!place || form.dataset.filterStarted) continue
    form.dataset.filterStarted = 'yes'
    let timer = 0
    let asked = 0
    const apply = async () => {
      const mine = ++asked
      const address = addressOf(form)
      place.setAttribute('aria-busy', 'true')
      try {
        const answer = await fetch(address, { credentials: 'same-origin' })
        if (!answer.ok) throw new Error(String(answer.status))
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
        const fresh = page.getElementById(form.dataset.filter)
        if (mine !== asked) return
        if (!fresh) throw new Error('no list')
        place.innerHTML = fresh.innerHTML
        follow(form, place, page)
        history.replaceState(null, '', address)
        start(place)
      } catch {
        if (mine === asked) location.assign(address)
      } finally {
        if (mine === asked) place.removeAttribute('aria-busy')
      }
    }
    const soon = (event) => {
      clearTimeout(timer)
      timer = setTimeout(apply, event.type === 'change' ? 0 : pause)
    }
    form.addEventListener('input', soon)
    form.addEventListener('change', soon)
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      clearTimeout(timer)
      apply()
    })
  }
}
