<?php
// A small site with its own login. The chat is the two lines at the end of it.

declare(strict_types=1);

require __DIR__ . '/../partyline.php';

const MEMBERS = [ // password: the name in small letters, and -demo
    'ada' => ['Ada', '$2y$10$CyKII/71EHI2Ol7e1InDLuSq.oBhfKbeEqyrEEGMCH9M0vhvz5Qt2'],
    'bob' => ['Bob', '$2y$10$Z3fCb8wO/OHiPsDADyxWcutd77N0E88YXwUnl5cEYDlC0V/jfGqaO'],
];

$chat = getenv('PARTYLINE_PUBLIC_URL') ?: 'http://localhost:8080';
header("Content-Security-Policy: default-src 'none'; style-src 'self'; script-src $chat; connect-src 'self' $chat;"
    . " form-action 'self'; base-uri 'none'; frame-ancestors 'none'");

session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
$_SESSION['form'] ??= bin2hex(random_bytes(16));
$said = '';

if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    if (!hash_equals($_SESSION['form'], (string) ($_POST['form'] ?? ''))) {
        http_response_code(403);
        exit('This form is too old: load the page again.');
    }
    $said = match ($_POST['do'] ?? '') {
        'login' => login((string) ($_POST['user'] ?? ''), (string) ($_POST['password'] ?? '')),
        'logout' => logout(),
        'ship' => ship((string) ($_POST['order'] ?? '')),
        default => '',
    };
    if ($said === '') {
        header('Location: /', true, 303);
        exit;
    }
}
$user = $_SESSION['user'] ?? null;
$name = $_SESSION['name'] ?? '';
$form = $_SESSION['form'];
session_write_close();

function login(string $user, string $password): string
{
    [$name, $hash] = MEMBERS[$user] ?? ['', '$2y$10$'];
    if (!password_verify($password, $hash)) {
        return 'That is not the password.';
    }
    session_regenerate_id(true);
    $_SESSION['user'] = $user;
    $_SESSION['name'] = $name;
    return '';
}

function logout(): string
{
    $_SESSION = ['form' => $_SESSION['form']];
    session_regenerate_id(true);
    return '';
}

/** Once for each order, however often somebody presses the button. */
function ship(string $order): string
{
    if (!isset($_SESSION['user']) || !preg_match('/^\d{1,9}$/', $order)) {
        return 'Which order?';
    }
    try {
        partyline_post('lobby', "Order $order was shipped.", [
            'data' => ['order' => (int) $order],
            'client_msg_id' => "order-$order-shipped",
        ]);
        return '';
    } catch (PartylineException $refused) {
        return $refused->getMessage();
    }
}

function text(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A small shop</title>
<link rel="stylesheet" href="/site.css">
<h1>A small shop</h1>
<?php if ($said !== ''): ?><p role="alert"><?= text($said) ?></p><?php endif ?>
<?php if ($user === null): ?>
<form method="post">
  <input type="hidden" name="form" value="<?= text($form) ?>">
  <label>Member <input name="user" autocomplete="username" required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button name="do" value="login">Log in</button>
</form>
<p>Try ada with ada-demo, or bob with bob-demo.</p>
<?php else: ?>
<form method="post">
  <input type="hidden" name="form" value="<?= text($form) ?>">
  Hello <?= text($name) ?>.
  <button name="do" value="logout">Log out</button>
</form>
<form method="post">
  <input type="hidden" name="form" value="<?= text($form) ?>">
  <label>Order <input name="order" inputmode="numeric" pattern="[0-9]{1,9}" required></label>
  <button name="do" value="ship">Ship it</button>
</form>
<?php endif ?>

<script type="module" src="<?= text($chat) ?>/v1/partyline-chat.js"></script>
<partyline-chat room="lobby" token-url="/chat-token.php"></partyline-chat>
