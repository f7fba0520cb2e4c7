// Saves a draft quietly after a pause, and while somebody types without one: never later than ten seconds after a key.
// The button still saves it for certain.
const pause = 2000
const longest = 8000
const again = 10000

function say(form, text) {
  const place = form.querySelector('[data-autosave-status]') || document.querySelector('[data-autosave-status]')
  if (place) place.textContent = text
}

export function startAutosave(root) {
  for (const form of root.querySelectorAll('form[data-autosave-url]')) {
    if (form.dataset.autosaveStarted) continue
    form.dataset.autosaveStarted = 'yes'
    let timer = 0
    let since = 0
    let isSaving = false
    let isStopped = false
    const save = async () => {
      if (isStopped) return
      if (isSaving) {
        soon()
        return
      }
      clearTimeout(timer)
      since = 0
      isSaving = true
      say(form, 'Saving…')
      const data = new FormData(form)
      for (const [name, value] of [...data]) if (value instanceof File) data.delete(name)
      try {
        // What is sent while the page goes away arrives all the same, if it is not too long for that.
        const keepalive = document.visibilityState === 'hidden'
        const answer = await fetch(form.dataset.autosaveUrl, { method: 'POST', body: data, credentials: 'same-origin', keepalive, headers: { 'X-Requested-With': 'fetch' } })
        if (answer.ok) {
          const version = answer.headers.get('X-Version')
          const box = form.querySelector('[name="version"]')
          if (version && box) box.value = version
          if (answer.status === 200) {
            const result = document.querySelector('[data-autosave-result]')
            const text = await answer.text()
            // The same again would be read out again.
            if (result && result.innerHTML.trim() !== text.trim()) result.innerHTML = text
          }
          const now = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
          say(form, `${form.dataset.autosaveSaid || 'Saved'} ${now}`)
        } else if (answer.status === 401) {
          say(form, 'You were signed out. Press the button below to sign in: what you typed is kept.')
        } else if (answer.status === 403) {
          say(form, 'Not saved: this page was open too long. Press the button below: what you typed is kept.')
        } else if (answer.status === 409) {
          isStopped = true
          say(form, 'Somebody else changed this. Save with the button to see what changed.')
        } else {
          say(form, 'Not saved yet: some answers need changing. Save with the button to see which.')
        }
      } catch {
        say(form, 'Not saved yet: there is no connection. Your answers are still here.')
        since = since || Date.now()
        timer = setTimeout(save, again)
      } finally {
        isSaving = false
      }
    }
    const soon = () => {
      clearTimeout(timer)
      since = since || Date.now()
      timer = setTimeout(save, Math.max(0, Math.min(pause, since + longest - Date.now())))
    }
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden' && since) save()
    })
    form.addEventListener('input', soon)
    form.addEventListener('change', soon)
    form.addEventListener('submit', () => {
      clearTimeout(timer)
      isStopped = true
    })
  }
}
