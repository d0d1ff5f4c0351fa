<?php
// What the pages of this site have in common: who is logged in, what their forms may ask for, and the frame of a page.

declare(strict_types=1);

require __DIR__ . '/partyline.php';
require __DIR__ . '/orders.php';

const MEMBERS = [ // password: the name in small letters, and -demo
    'ada' => ['Ada', '$2y$10$CyKII/71EHI2Ol7e1InDLuSq.oBhfKbeEqyrEEGMCH9M0vhvz5Qt2'],
    'bob' => ['Bob', '$2y$10$Z3fCb8wO/OHiPsDADyxWcutd77N0E88YXwUnl5cEYDlC0V/jfGqaO'],
];

/** Where browsers reach Partyline. */
function chat_url(): string
{
    return getenv('PARTYLINE_PUBLIC_URL') ?: 'http://localhost:8080';
}

/**
 * Who asks. A form that they have sent was genuine, or this answers 403 and ends; logging in and out is done here, and
 * then the session is let go: whatever takes longer must not happen under its lock.
 *
 * @return array{user: ?string, name: string, form: string, does: string, said: string}  does: what else their form asks
 *     for; said: what went wrong
 */
function visitor(): array
{
    session_start(['cookie_httponly' => true, 'cookie_samesite' => 'Lax']);
    $_SESSION['form'] ??= bin2hex(random_bytes(16));
    $does = $_SERVER['REQUEST_METHOD'] === 'POST' ? (string) ($_POST['do'] ?? '') : '';
    if ($_SERVER['REQUEST_METHOD'] === 'POST' && !hash_equals($_SESSION['form'], (string) ($_POST['form'] ?? ''))) {
        http_response_code(403);
        exit('This form is too old: load the page again.');
    }
    $said = match ($does) {
        'login' => login((string) ($_POST['user'] ?? ''), (string) ($_POST['password'] ?? '')),
        'logout' => logout(),
        default => '',
    };
    $visitor = [
        'user' => $_SESSION['user'] ?? null,
        'name' => $_SESSION['name'] ?? '',
        'form' => $_SESSION['form'],
        'does' => $does,
        'said' => $said,
    ];
    session_write_close();
    return $visitor;
}

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

/** After a form that was obeyed: loading the page again shall not send it again. */
function show_anew(): never
{
    header('Location: ' . $_SERVER['SCRIPT_NAME'], true, 303);
    exit;
}

function page_begins(string $title, array $visitor): void
{
    $chat = chat_url();
    header("Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self' $chat;"
        . " connect-src 'self' $chat; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    ?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><?= text($title) ?></title>
<link rel="stylesheet" href="/site.css">
<nav><a href="/">Chat</a> <a href="/orders.php">Orders</a> <a href="/clients.php">Other clients</a></nav>
<h1><?= text($title) ?></h1>
<?php if ($visitor['said'] !== ''): ?><p role="alert"><?= text($visitor['said']) ?></p><?php endif ?>
<?php if ($visitor['user'] === null): ?>
<form method="post">
  <input type="hidden" name="form" value="<?= text($visitor['form']) ?>">
  <label>Member <input name="user" autocomplete="username" required></label>
  <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
  <button name="do" value="login">Log in</button>
</form>
<p>Try ada with ada-demo, or bob with bob-demo.</p>
<?php else: ?>
<form method="post">
  <input type="hidden" name="form" value="<?= text($visitor['form']) ?>">
  Hello <?= text($visitor['name']) ?>.
  <button name="do" value="logout">Log out</button>
</form>
<?php endif;
}

function text(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}
