<?php
// How not to: a stream out of PHP. Each visitor who has this open holds a PHP-FPM worker until they leave. With
// pm.max_children = 20 the twentieth stops every page of the site. (Who forgets read_and_close also holds the session's
// lock, and stops their own pages with the first.)

declare(strict_types=1);

session_start(['read_and_close' => true]);
set_time_limit(0);
header('Content-Type: text/event-stream');
header('X-Accel-Buffering: no');
while (ob_get_level() > 0) {
    ob_end_flush();
}

for ($id = 0; !connection_aborted(); $id++) {
    echo "id: $id\ndata: nothing new\n\n";
    flush();
    sleep(1);
}
