<?php
/**
 * Partyline for a PHP site: one file to copy. PHP 8.1 or newer, no Composer package.
 *
 * Two settings in the environment of PHP:
 *   PARTYLINE_SECRET   the cluster's secret (or PARTYLINE_SECRET_FILE, a file that holds it): at least 32 bytes. Who has
 *                      it can speak for everybody, so it never leaves the server.
 *   PARTYLINE_URL      a gateway, or what stands before them, as this server reaches it: http://127.0.0.1:8080
 */

declare(strict_types=1);

/** The site did not get through to Partyline, or was refused; the message says why. */
final class PartylineException extends RuntimeException
{
}

/**
 * A token that speaks for one of your members, for the page to send. Make one for whoever is logged in, and for nobody
 * else.
 *
 * @param string $user  your member's id, which never changes: up to 128 characters
 * @param string $name  what others see
 * @param array  $claims  more, such as ['avatar' => 'https://…'] or ['rooms' => [['match' => 'exact', 'value' =>
 *     'team-7', 'can' => ['read', 'post']]]]
 */
function partyline_token(string $user, string $name, array $claims = [], int $lifeSeconds = 3600): string
{
    $now = time();
    $claims += ['sub' => $user, 'name' => $name, 'iat' => $now, 'exp' => $now + $lifeSeconds];
    $signed = partyline_base64(['alg' => 'HS256', 'typ' => 'JWT']) . '.' . partyline_base64($claims);
    return $signed . '.' . partyline_base64(hash_hmac('sha256', $signed, partyline_secret(), true));
}

/**
 * Says something in a room, as the site.
 *
 * @param array $more  of a message: data, mentions, reply_to, client_msg_id. Name the last one after what is told
 *     ('order-4711-shipped'), and running your script twice tells it once.
 * @return array  the message
 */
function partyline_post(string $room, string $text, array $more = []): array
{
    return partyline_request('POST', '/v1/rooms/' . rawurlencode($room) . '/messages', ['text' => $text] + $more,
        $more['client_msg_id'] ?? '');
}

/**
 * Tells the pages of your members that something happened on your site; they listen with client.on('app.order.shipped').
 *
 * @param string $room  a room, or '@' and a member's id: that person, on all their devices
 * @param string $type  app.something
 * @param string $key  named after what is told, as client_msg_id is
 * @param bool $durable  false: only those hear it who listen just now
 * @return array  the event; empty if it was not to be kept
 */
function partyline_emit(string $room, string $type, array $data = [], string $key = '', bool $durable = true): array
{
    $event = ['type' => $type, 'data' => (object) $data, 'durable' => $durable];
    return partyline_request('POST', '/v1/rooms/' . rawurlencode($room) . '/events', $event, $key);
}

/** Tried three times: under one key, or client_msg_id, it is written once, however often it arrives. */
function partyline_request(string $method, string $path, array $body, string $key = ''): array
{
    $key = $key === '' ? bin2hex(random_bytes(16)) : $key;
    $said = 'no answer';
    for ($attempt = 1; $attempt <= 3; $attempt++) {
        $context = stream_context_create(['http' => [
            'method' => $method,
            'header' => [
                'Authorization: Bearer ' . partyline_token('site', 'Site', ['role' => 'service'], 60),
                'Content-Type: application/json',
                "Idempotency-Key: $key",
            ],
            'content' => partyline_json($body),
            'timeout' => 3,
            'ignore_errors' => true,
        ]]);
        $url = getenv('PARTYLINE_URL') ?: 'http://127.0.0.1:8080';
        $answer = @file_get_contents($url . $path, false, $context);
        $status = $answer === false ? 0 : (int) explode(' ', $http_response_header[0])[1];
        if ($status >= 200 && $status < 300) {
            return $answer === '' ? [] : json_decode($answer, true, 64, JSON_THROW_ON_ERROR);
        }
        $problem = json_decode((string) $answer, true);
        $said = $problem['detail'] ?? ($status === 0 ? 'no answer' : "status $status");
        if ($status >= 400 && $status < 500 && $status !== 429) {
            break;
        }
        usleep(200_000 * $attempt);
    }
    throw new PartylineException("Partyline: $said");
}

function partyline_secret(): string
{
    $file = getenv('PARTYLINE_SECRET_FILE');
    $secret = $file ? trim((string) file_get_contents($file)) : (string) getenv('PARTYLINE_SECRET');
    if (strlen($secret) < 32) {
        throw new PartylineException('Partyline: set PARTYLINE_SECRET or PARTYLINE_SECRET_FILE, at least 32 bytes.');
    }
    return $secret;
}

function partyline_base64(array|string $part): string
{
    $bytes = is_array($part) ? partyline_json($part) : $part;
    return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '=');
}

function partyline_json(array $value): string
{
    return json_encode($value, JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES);
}
