<?php
// The shop's orders, in a file where another site has a database.

declare(strict_types=1);

/** @return array<int, string>  number => packed or shipped */
function orders(): array
{
    return with_orders(fn (array $orders) => $orders);
}

/** @return bool  whether there is such an order */
function ship_order(int $number): bool
{
    $orders = with_orders(fn (array $orders) => isset($orders[$number]) ? [$number => 'shipped'] + $orders : $orders);
    return isset($orders[$number]);
}

/** @param callable(array<int, string>): array<int, string> $change  alone with the file while it runs */
function with_orders(callable $change): array
{
    $file = fopen((getenv('SITE_DATA') ?: __DIR__ . '/run') . '/orders.json', 'c+');
    flock($file, LOCK_EX);
    $before = json_decode(stream_get_contents($file), true) ?? array_fill_keys(range(4711, 4716), 'packed');
    $after = $change($before);
    if ($after !== $before) {
        ksort($after);
        ftruncate($file, 0);
        rewind($file);
        fwrite($file, json_encode($after, JSON_THROW_ON_ERROR));
    }
    fclose($file);
    return $after;
}
