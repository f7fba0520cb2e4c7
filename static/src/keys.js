// A form fetched again by the back button carries a new key, and sending it would make a second record. The place in
// the history remembers the key the form had at first, so the second sending is known as the same.
export function startKeys(root) {
  for (const box of root.querySelectorAll('input[type="hidden"][name="submission_key"]')) {
    const kept = history.state?.submissionKey
    if (kept) box.value = kept
    else history.replaceState({ ...history.state, submissionKey: box.value }, '')
  }
}
