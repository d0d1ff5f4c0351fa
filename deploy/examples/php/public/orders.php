<?php
// The orders as they are, and a page that goes on showing them as they are: PHP makes it once, then it hears of
// app.order.shipped.

declare(strict_types=1);

require __DIR__ . '/../site.php';

$visitor = visitor();
$does = $visitor['does'];
if ($visitor['user'] !== null && $does === 'ship') {
    $visitor['said'] = ship((string) ($_POST['order'] ?? ''));
}
if ($does !== '' && $visitor['said'] === '') {
    show_anew();
}
if ($visitor['user'] !== null && ($_GET['as'] ?? '') === 'json') {
    header('Content-Type: application/json');
    header('Cache-Control: no-store');
    echo json_encode(orders(), JSON_FORCE_OBJECT);
    return;
}

/**
 * The order first, then the news of it. Both keys name what is told, so it is told once, however often the button is
 * pressed; and an order is shipped even if nobody can be told just now.
 */
function ship(string $order): string
{
    if (!preg_match('/^\d{1,9}$/', $order) || !ship_order((int) $order)) {
        return 'Which order?';
    }
    $key = "order-$order-shipped";
    try {
        partyline_emit('orders', 'app.order.shipped', ['order' => (int) $order], $key);
        partyline_post('lobby', "Order $order was shipped.", ['client_msg_id' => $key]);
    } catch (PartylineException $away) {
        error_log($away->getMessage());
    }
    return '';
}

page_begins('Orders', $visitor);
if ($visitor['user'] === null) {
    return;
}
?>

<form method="post" id="orders" data-partyline="<?= text(chat_url()) ?>">
  <input type="hidden" name="form" value="<?= text($visitor['form']) ?>">
  <input type="hidden" name="do" value="ship">
  <table>
<?php foreach (orders() as $number => $state): ?>
    <tr data-order="<?= $number ?>" data-state="<?= text($state) ?>">
      <th scope="row"><?= $number ?></th>
      <td role="status"><?= text($state) ?></td>
      <td><button name="order" value="<?= $number ?>">Ship it</button></td>
    </tr>
<?php endforeach ?>
  </table>
</form>
<p id="line" role="status"></p>
<script type="module" src="/orders.js"></script>
