/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/web/client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void client_init(Client *client, guint16 port)
{
    *client = (Client){.port = port, .socket = -1, .body = g_string_new(NULL)};
}

static void hang_up(Client *client)
{
    if (client->socket >= 0)
        close(client->socket);
    client->socket = -1;
}

void client_clear(Client *client)
{
    hang_up(client);
    g_free(client->head);
    g_string_free(client->body, TRUE);
}

static gboolean dial(Client *client)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(client->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1;
    client->socket = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return connect(client->socket, (struct sockaddr *)&address, sizeof address) == 0;
}

static gboolean send_all(int socket, const char *bytes, gsize length)
{
    while (length > 0) {
        ssize_t n = send(socket, bytes, length, MSG_NOSIGNAL);
        if (n <= 0)
            return FALSE;
        bytes += n;
        length -= (gsize)n;
    }
    return TRUE;
}

static gboolean more(Client *client)
{
    char bytes[16384];
    ssize_t n = recv(client->socket, bytes, sizeof bytes, 0);
    if (n > 0)
        g_string_append_len(client->body, bytes, n);
    return n > 0;
}

static int receive(Client *client)
{
    char *end;
    g_string_truncate(client->body, 0);
    while (!(end = strstr(client->body->str, "\r\n\r\n")))
        if (!more(client))
            return 0;
    gsize head = (gsize)(end + 4 - client->body->str);
    g_free(client->head);
    client->head = g_strndup(client->body->str, head);
    g_autofree char *length = client_header(client, "Content-Length");
    gsize size = length ? g_ascii_strtoull(length, NULL, 10) : 0;
    while (client->body->len < head + size)
        if (!more(client))
            return 0;
    g_string_erase(client->body, 0, (gssize)head);
    return atoi(client->head + strlen("HTTP/1.1 "));
}

/* A server may close a connection that was idle. */
static gboolean is_open(const Client *client)
{
    char byte;
    return client->socket >= 0 && recv(client->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

int client_ask(Client *client, const char *method, const char *path, const char *headers, const char *body)
{
    if (!is_open(client))
        hang_up(client);
    g_autofree char *request = g_strdup_printf("%s %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %zu\r\n\r\n%s",
                                               method, path, headers, strlen(body), body);
    int status = (client->socket >= 0 || dial(client)) && send_all(client->socket, request, strlen(request))
                     ? receive(client)
                     : 0;
    if (status == 0)
        hang_up(client);
    return status;
}

char *client_header(const Client *client, const char *name)
{
    g_autofree char *start = g_strdup_printf("\r\n%s: ", name);
    const char *at = client->head ? strstr(client->head, start) : NULL;
    at = at ? at + strlen(start) : NULL;
    return at ? g_strndup(at, strcspn(at, "\r")) : NULL;
}
