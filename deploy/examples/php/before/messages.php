<?php
// What was said, a line each, in a file where another site has a table.

declare(strict_types=1);

/** @return list<array{id: int, text: string}> */
function messages_after(int $last): array
{
    $lines = @file((getenv('SITE_DATA') ?: __DIR__ . '/../run') . '/messages.txt', FILE_IGNORE_NEW_LINES) ?: [];
    $messages = [];
    foreach (array_slice($lines, $last, null, true) as $index => $text) {
        $messages[] = ['id' => $index + 1, 'text' => $text];
    }
    return $messages;
}
