// Yaffle's EventSource, which can send a header. It comes back by itself, with the id it has seen last.

const list = document.querySelector("#polyfill");
const answer = await fetch("/chat-token.php", { cache: "no-store" });
const source = new EventSourcePolyfill(`${list.dataset.partyline}/v1/events?rooms=lobby&replay=20`, {
  headers: { Authorization: `Bearer ${await answer.text()}` },
});
source.onmessage = ({ data }) => {
  const event = JSON.parse(data);
  if (event.type === "message.created") {
    const item = document.createElement("li");
    item.textContent = event.data.message.text;
    list.append(item);
  }
};
