<?php
// Who is logged in here, told to the chat. The session is read and let go at once: a script that keeps it open makes all
// other requests of this visitor wait in line.

declare(strict_types=1);

require __DIR__ . '/../partyline.php';

session_start(['read_and_close' => true]);
header('Cache-Control: no-store');

if (!isset($_SESSION['user'])) {
    http_response_code(401);
    header('Content-Type: application/problem+json');
    echo json_encode(['status' => 401, 'detail' => 'Log in to chat.']);
    return;
}
header('Content-Type: text/plain');
echo partyline_token($_SESSION['user'], $_SESSION['name']);
