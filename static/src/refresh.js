// A job's page asks how far it is until it is finished.
const pause = 1000

export function startRefresh(root, start) {
  for (const box of root.querySelectorAll('[data-refresh-url]')) {
    if (box.dataset.refreshStarted) continue
    box.dataset.refreshStarted = 'yes'
    const ask = async () => {
      if (!box.isConnected) return
      try {
        const answer = await fetch(box.dataset.refreshUrl, { credentials: 'same-origin' })
        if (answer.ok) {
          const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
          const fresh = page.querySelector('main')
          const main = document.querySelector('main')
          if (fresh && main && fresh.innerHTML !== main.innerHTML) {
            main.innerHTML = fresh.innerHTML
            start(main)
            return
          }
        }
      } catch {
        // The next try may reach the server.
      }
      setTimeout(ask, pause)
    }
    setTimeout(ask, pause)
  }
}
