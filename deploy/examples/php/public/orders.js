// Keeps the table of orders as it would be if the page were loaded anew.

const page = document.querySelector("#orders");
const { connect } = await import(new URL("/v1/partyline.js", page.dataset.partyline));

const client = connect({ tokenProvider: async () => (await ask("/chat-token.php")).text() });
const room = client.room("orders");
client.on("app.order.shipped", ({ data }) => show(data.order, "shipped"));
client.on("status", ({ state, transport }) => {
  document.querySelector("#line").textContent = state + (transport === null ? "" : ` by ${transport}`);
});
// From here on everything is told. What was so before, or while nobody could tell it, the shop itself knows.
room.on("change", async ({ kind }) => {
  if (kind === "reset") {
    const orders = await (await ask("/orders.php?as=json")).json();
    Object.entries(orders).forEach(([order, state]) => show(order, state));
  }
});

async function ask(path) {
  const answer = await fetch(path, { cache: "no-store" });
  if (!answer.ok) {
    throw new Error(`${path}: ${answer.status}`);
  }
  return answer;
}

function show(order, state) {
  const row = page.querySelector(`tr[data-order="${CSS.escape(order)}"]`);
  if (row !== null && row.dataset.state !== state) {
    row.dataset.state = state;
    row.querySelector("td").textContent = state;
  }
}
