// The loop that went to before/poll.php. Three things are other: the URL, the token, and where the text stands in a message.

const list = document.querySelector("#loop");
const url = `${list.dataset.partyline}/v1/events?rooms=lobby&shape=array`;
let lastId = "0";

async function subscribe() {
  while (true) {
    try {
      const response = await fetch(`${url}&last_id=${lastId}`, { headers: { Authorization: `Bearer ${await token()}` } });
      const messages = await response.json();
      if (messages.length > 0) {
        lastId = messages.at(-1).id;
        show(messages);
      }
    } catch (error) {
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }
}

async function token() {
  const answer = await fetch("/chat-token.php", { cache: "no-store" });
  return answer.text();
}

function show(messages) {
  for (const { data } of messages.filter(({ type }) => type === "message.created")) {
    const item = document.createElement("li");
    item.textContent = data.message.text;
    list.append(item);
  }
}

subscribe();
