<?php
// How not to: a stream out of PHP. Each visitor who has this open holds a PHP-FPM worker until they leave. With
// pm.max_children = 20 the twentieth stops every page of the site. (Who forgets read_and_close also holds the session's
// lock, and stops their own pages with the first.)

declare(strict_types=1);

require __DIR__ . '/messages.php';

session_start(['read_and_close' => true]);
set_time_limit(0);
header('Content-Type: text/event-stream');
header('X-Accel-Buffering: no');
while (ob_get_level() > 0) {
    ob_end_flush();
}

$last = (int) ($_SERVER['HTTP_LAST_EVENT_ID'] ?? 0);
while (!connection_aborted()) {
    foreach (messages_after($last) as ['id' => $last, 'text' => $text]) {
        echo "id: $last\ndata: $text\n\n";
    }
    echo ":\n\n";
    flush();
    sleep(1);
}
