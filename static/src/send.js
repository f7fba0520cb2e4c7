// A page that only carries something on sends itself; without this there is its button.
export function startSending(root) {
  const form = root.querySelector('form[data-send-at-once]')
  if (form && !form.dataset.sentAt) form.requestSubmit()
}
