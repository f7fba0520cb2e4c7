// Advice while typing: asks the server what follows from the answers so far.
const pause = 400

export function startAdvice(root) {
  for (const form of root.querySelectorAll('form[data-advice-url]')) {
    if (form.dataset.adviceStarted) continue
    form.dataset.adviceStarted = 'yes'
    const place = form.querySelector('[data-advice]') || document.querySelector('[data-advice]')
    if (!place) continue
    let timer = 0
    let asked = 0
    const ask = async () => {
      const mine = ++asked
      const query = new URLSearchParams()
      for (const [name, value] of new FormData(form)) {
        if (typeof value === 'string' && name !== 'csrfmiddlewaretoken') query.append(name, value)
      }
      try {
        const address = new URL(form.dataset.adviceUrl, location.href)
        for (const [name, value] of query) address.searchParams.append(name, value)
        const answer = await fetch(address, { headers: { 'X-Requested-With': 'fetch' }, credentials: 'same-origin' })
        if (!answer.ok || mine !== asked) return
        const text = await answer.text()
        if (mine === asked && place.innerHTML.trim() !== text.trim()) place.innerHTML = text
      } catch {
        // Without an answer the last advice stays; saving works as ever.
      }
    }
    const soon = () => {
      clearTimeout(timer)
      timer = setTimeout(ask, pause)
    }
    form.addEventListener('input', soon)
    form.addEventListener('change', soon)
  }
}
