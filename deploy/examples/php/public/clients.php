<?php
// Scripts that sites have already, against Partyline: a loop of long polls, and a polyfill for EventSource.

declare(strict_types=1);

require __DIR__ . '/../site.php';

$visitor = visitor();
if ($visitor['does'] !== '' && $visitor['said'] === '') {
    show_anew();
}
page_begins('Other clients', $visitor);
if ($visitor['user'] === null) {
    return;
}
?>

<h2>A loop of long polls</h2>
<ol id="loop" data-partyline="<?= text(chat_url()) ?>"></ol>
<h2>A polyfill</h2>
<ol id="polyfill" data-partyline="<?= text(chat_url()) ?>"></ol>
<script src="/clients/eventsource.min.js"></script>
<script type="module" src="/clients/polyfill.js"></script>
<script type="module" src="/clients/loop.js"></script>
