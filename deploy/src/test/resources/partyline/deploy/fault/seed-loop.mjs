// The loop of the page that all this began with. Only its URL and the names of its fields were changed.
//   node seed-loop.mjs URL FIRST_ID
let [url, lastId] = process.argv.slice(2)

const show = (messages) => messages.forEach((message) => console.log('message ' + JSON.stringify(message)))
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function subscribe() {
  for (;;) {
    try {
      const response = await fetch(`${url}&shape=array&last_id=${lastId}`)
      const messages = await response.json()
      if (messages.length > 0) {
        lastId = messages.at(-1).id
        show(messages)
      }
    } catch (error) {
      await pause(2000)
    }
  }
}

// Not the loop's: what lets a test see when it asked, by its own clock.
const { fetch: plainFetch } = globalThis
globalThis.fetch = (target) => {
  console.log('request ' + performance.now())
  return plainFetch(target)
}

subscribe()
