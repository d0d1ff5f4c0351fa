<?php
// A small site with its own login. The chat is the two lines at the end of it.

declare(strict_types=1);

require __DIR__ . '/../site.php';

$visitor = visitor();
if ($visitor['does'] !== '' && $visitor['said'] === '') {
    show_anew();
}
page_begins('A small shop', $visitor);
if ($visitor['user'] === null) {
    return;
}
?>

<script type="module" src="<?= text(chat_url()) ?>/v1/partyline-chat.js"></script>
<partyline-chat room="lobby" token-url="/chat-token.php"></partyline-chat>
