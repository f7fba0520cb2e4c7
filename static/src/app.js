// Progressive only: every page is complete without this file.
import { initAll } from './govuk-frontend.min.js'
import { startAdvice } from './advice.js'
import { startAutosave } from './autosave.js'
import { startEarlier } from './earlier.js'
import { startEditor } from './editor.js'
import { startFilters } from './filters.js'
import { startFormsets } from './formsets.js'
import { startKeyboard } from './keyboard.js'
import { startKeys } from './keys.js'
import { startPasskeys } from './passkeys.js'
import { startRefresh } from './refresh.js'
import { startSending } from './send.js'
import { startShares } from './shares.js'
import { startTotals } from './totals.js'
import { startUnsaved } from './unsaved.js'
import { startWalk } from './walk.js'

const doublePress = 3000

/** Start everything inside `root`: the page at first, a swapped part of it later. */
export function start(root) {
  initAll(root === document ? undefined : { scope: root })
  startFormsets(root, start)
  startTotals(root)
  startAdvice(root)
  startAutosave(root)
  startShares(root)
  startEarlier(root)
  startEditor(root)
  startFilters(root, start)
  startRefresh(root, start)
  startKeyboard(root)
  startKeys(root)
  startPasskeys(root)
  startWalk(root)
  startSending(root)
}

startUnsaved()

// A form sent twice is one press too many. The first press wins; a page shown again from the
// browser's memory may be sent again.
document.addEventListener('submit', (event) => {
  const form = event.target
  if (form.method !== 'post' || event.defaultPrevented) return
  const now = Date.now()
  if (form.dataset.sentAt && now - Number(form.dataset.sentAt) < doublePress) {
    event.preventDefault()
    return
  }
  form.dataset.sentAt = String(now)
})
window.addEventListener('pageshow', (event) => {
  if (!event.persisted) return
  for (const form of document.querySelectorAll('form[data-sent-at]')) delete form.dataset.sentAt
})

start(document)
