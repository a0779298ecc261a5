/**
 * A page of this service as a document of its own, without running anything in it. Text is never turned into elements
 * here, which the content policy forbids: the browser does so as it loads the answer.
 * @param {string} url
 * @param {Record<string, string>} [headers] beside `Accept: text/html`
 * @returns {Promise<Document | null>} null for every answer but 200; rejects when there was none
 */
export function fetchPage(url, headers = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('GET', url)
    request.responseType = 'document'
    for (const [name, value] of Object.entries({ accept: 'text/html', ...headers }))
      request.setRequestHeader(name, value)
    request.onload = () => resolve(request.status === 200 ? request.responseXML : null)
    request.onerror = () => reject(new Error('no answer'))
    request.send()
  })
}
