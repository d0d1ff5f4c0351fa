<?php
// How not to, the other way: a long poll out of PHP. It lets go of its worker every 25 seconds, for as long as the next
// request of the same visitor takes to come; so it stops the site as a stream does.

declare(strict_types=1);

require __DIR__ . '/messages.php';

session_start(['read_and_close' => true]);
set_time_limit(0);

$last = (int) ($_GET['last_id'] ?? 0);
for ($seconds = 0; $seconds < 25 && ($messages = messages_after($last)) === []; $seconds++) {
    sleep(1);
}
header('Content-Type: application/json');
echo json_encode($messages, JSON_THROW_ON_ERROR);
