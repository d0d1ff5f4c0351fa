// Listens with somebody else's EventSource and prints what it hears, one JSON a line.
//   node listen.mjs eventsource|event-source-polyfill URL
const [name, url] = process.argv.slice(2)
const library = await import(name)
const EventSource = library.EventSource ?? library.default.EventSourcePolyfill

const source = new EventSource(url)
const print = (event) => console.log(JSON.stringify({ name: event.type, id: event.lastEventId, data: event.data }))
source.onmessage = print
for (const name of ['ready', 'reset', 'bye']) source.addEventListener(name, print)
