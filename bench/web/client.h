/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One kept HTTP/1.1 connection to a server on 127.0.0.1. Belongs to one thread. */
#pragma once
#include <glib.h>

typedef struct {
    guint16 port;
    int socket;    /* -1: not connected */
    char *head;    /* status line and headers of the last answer */
    GString *body; /* of the last answer */
} Client;

void client_init(Client *client, guint16 port);
void client_clear(Client *client);

#define CLIENT_JSON "Content-Type: application/json\r\n"
#define CLIENT_FORM "Content-Type: application/x-www-form-urlencoded\r\n"

/* Status of the answer, which is then in head and body; 0 when none came, and the next call connects anew. headers:
 * lines with their ends, "" = none. */
int client_ask(Client *client, const char *method, const char *path, const char *headers, const char *body);

/* Value of a header of the last answer, to be freed; NULL when it is not there. */
char *client_header(const Client *client, const char *name);
