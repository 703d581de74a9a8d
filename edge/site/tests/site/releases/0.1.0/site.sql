-- What 0.1.0 left on disk: a site with responses, a disabled endpoint, messages and keys. Never changed.
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE site (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL,
        settings TEXT NOT NULL,
        revision INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL DEFAULT 0
    , themes_revision INTEGER NOT NULL DEFAULT 0);
CREATE TABLE events (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL
    );
CREATE TABLE deliveries (
        sequence INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at INTEGER,
        delivered_at INTEGER,
        PRIMARY KEY (endpoint, sequence)
    ) WITHOUT ROWID;
CREATE TABLE "endpoints" (
            id TEXT PRIMARY KEY,
            settings TEXT NOT NULL,
            picky INTEGER NOT NULL,
            secret TEXT NOT NULL,
            previous_secret TEXT,
            previous_until INTEGER,
            created_at INTEGER NOT NULL,
            failing_since INTEGER,
            paused_until INTEGER,
            disabled_at INTEGER,
            disabled_reason TEXT
        ) WITHOUT ROWID;
CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL,
            status INTEGER,
            answer TEXT,
            error TEXT
        );
CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            response TEXT NOT NULL,
            text TEXT NOT NULL,
            endpoint TEXT,
            delivery TEXT UNIQUE,
            created_at INTEGER NOT NULL
        );
CREATE TABLE keys (
            prefix TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            scope TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) WITHOUT ROWID;
CREATE TABLE answered (
            key TEXT PRIMARY KEY,
            request TEXT NOT NULL,
            reply TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID;
CREATE TABLE "responses" (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            revision INTEGER NOT NULL,
            score INTEGER NOT NULL,
            comment TEXT,
            page TEXT NOT NULL,
            lang TEXT NOT NULL,
            visitor TEXT,
            heard TEXT,
            acknowledgement TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            completed_at INTEGER,
            -- The revision of the settings whose themes listened to the comment.
            listened_revision INTEGER
        );
CREATE VIRTUAL TABLE comments USING fts5(comment, content='responses', content_rowid='number',
             tokenize='unicode61 remove_diacritics 2');
CREATE TABLE shown (
            hour INTEGER NOT NULL,
            page TEXT NOT NULL,
            lang TEXT NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY (hour, page, lang)
        ) WITHOUT ROWID;
CREATE TABLE themes_found (
            number INTEGER NOT NULL,
            theme TEXT NOT NULL,
            PRIMARY KEY (number, theme)
        ) WITHOUT ROWID;
INSERT INTO schema_version VALUES (3);
INSERT INTO site VALUES (1, 'shop', '{"name":"Corner Shop","origins":["https://a.example"],"language":"en","themes":[{"id":"food","label":"food","phrases":["soup"]}],"voice":{"tone":"warm","reader":null},"promise":{"answered_by":null,"by_when":"soon"},"ask":{"delay_seconds":3,"again_after_days":90},"archived":false}', 1, 8, 0);
INSERT INTO events VALUES (1, 'evt_37a53750b262c9a78cfa31a8a42dba2a', 'response.scored', '{"type":"response.scored","timestamp":"2026-11-25T03:14:52.823Z","data":{"id":"evt_37a53750b262c9a78cfa31a8a42dba2a","sequence":1,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000001","site":"shop","revision":1,"score":3,"band":"detractor","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v1","reference":"0000-0001","created_at":"2026-11-25T03:14:52.823Z","updated_at":"2026-11-25T03:14:52.823Z","completed_at":"2026-11-25T03:14:52.823Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492823);
INSERT INTO events VALUES (2, 'evt_bc3bfbe5db93850d5b74cb86bcc8fa6b', 'response.completed', '{"type":"response.completed","timestamp":"2026-11-25T03:14:52.823Z","data":{"id":"evt_bc3bfbe5db93850d5b74cb86bcc8fa6b","sequence":2,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000001","site":"shop","revision":1,"score":3,"band":"detractor","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v1","reference":"0000-0001","created_at":"2026-11-25T03:14:52.823Z","updated_at":"2026-11-25T03:14:52.823Z","completed_at":"2026-11-25T03:14:52.823Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492823);
INSERT INTO events VALUES (3, 'evt_10b96208c7e78358103d736f4881f43d', 'endpoint.disabled', '{"type":"endpoint.disabled","timestamp":"2026-11-25T03:14:52.864Z","data":{"id":"evt_10b96208c7e78358103d736f4881f43d","sequence":3,"site":"shop","endpoint":{"id":"ep_38cb56ea7c017afbcc7b9a3db61ff201","url":"https://a.example/in?token=URLSECRET","description":"","event_types":["*"],"filter":{"bands":[],"themes":[],"has_suggestion":null},"headers":{"authorization":"Bearer CRM"},"may_reply":false,"signature":"v1","created_at":"2026-11-25T03:14:52.723Z","failing_since":"2026-11-25T03:14:52.864Z","disabled_at":"2026-11-25T03:14:52.864Z","disabled_reason":"gone"}}}', 1795576492864);
INSERT INTO events VALUES (4, 'evt_a743fa77283c74184f1393efbbf0e315', 'response.scored', '{"type":"response.scored","timestamp":"2026-11-25T03:14:52.871Z","data":{"id":"evt_a743fa77283c74184f1393efbbf0e315","sequence":4,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000002","site":"shop","revision":1,"score":6,"band":"detractor","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v2","reference":"0000-0002","created_at":"2026-11-25T03:14:52.871Z","updated_at":"2026-11-25T03:14:52.871Z","completed_at":"2026-11-25T03:14:52.871Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492871);
INSERT INTO events VALUES (5, 'evt_d0b523e8df670924b03ec667177d868f', 'response.completed', '{"type":"response.completed","timestamp":"2026-11-25T03:14:52.871Z","data":{"id":"evt_d0b523e8df670924b03ec667177d868f","sequence":5,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000002","site":"shop","revision":1,"score":6,"band":"detractor","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v2","reference":"0000-0002","created_at":"2026-11-25T03:14:52.871Z","updated_at":"2026-11-25T03:14:52.871Z","completed_at":"2026-11-25T03:14:52.871Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492871);
INSERT INTO events VALUES (6, 'evt_19b135bfedaf746ec6322526ec0bd245', 'response.scored', '{"type":"response.scored","timestamp":"2026-11-25T03:14:52.899Z","data":{"id":"evt_19b135bfedaf746ec6322526ec0bd245","sequence":6,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000003","site":"shop","revision":1,"score":9,"band":"promoter","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v3","reference":"0000-0003","created_at":"2026-11-25T03:14:52.899Z","updated_at":"2026-11-25T03:14:52.899Z","completed_at":"2026-11-25T03:14:52.899Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.9496996,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492899);
INSERT INTO events VALUES (7, 'evt_639ed4d4d7522ced4ddc8b68de1903d8', 'response.completed', '{"type":"response.completed","timestamp":"2026-11-25T03:14:52.899Z","data":{"id":"evt_639ed4d4d7522ced4ddc8b68de1903d8","sequence":7,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000003","site":"shop","revision":1,"score":9,"band":"promoter","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v3","reference":"0000-0003","created_at":"2026-11-25T03:14:52.899Z","updated_at":"2026-11-25T03:14:52.899Z","completed_at":"2026-11-25T03:14:52.899Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.9496996,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}}}}', 1795576492899);
INSERT INTO events VALUES (8, 'evt_49cd8452f9223fc19758d1af1d075846', 'message.created', '{"type":"message.created","timestamp":"2026-11-25T03:14:52.933Z","data":{"id":"evt_49cd8452f9223fc19758d1af1d075846","sequence":8,"site":"shop","response":{"id":"0190a5c4-7a1c-7def-8123-000000000001","site":"shop","revision":1,"score":3,"band":"detractor","comment":"The soup was cold and Tom was rude","page":"https://a.example/","lang":"en","visitor":"v1","reference":"0000-0001","created_at":"2026-11-25T03:14:52.823Z","updated_at":"2026-11-25T03:14:52.823Z","completed_at":"2026-11-25T03:14:52.823Z","heard":{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}},"message":{"id":"msg_48d46a6fcd42056cb718bea64cfb528f","response":"0190a5c4-7a1c-7def-8123-000000000001","text":"Sorry","from":null,"created_at":"2026-11-25T03:14:52.933Z"}}}', 1795576492933);
INSERT INTO deliveries VALUES (1, 'ep_38cb56ea7c017afbcc7b9a3db61ff201', 1, NULL, NULL);
INSERT INTO deliveries VALUES (2, 'ep_38cb56ea7c017afbcc7b9a3db61ff201', 1, 1795576498205, NULL);
INSERT INTO deliveries VALUES (1, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492869);
INSERT INTO deliveries VALUES (2, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492878);
INSERT INTO deliveries VALUES (3, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492889);
INSERT INTO deliveries VALUES (4, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492897);
INSERT INTO deliveries VALUES (5, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492905);
INSERT INTO deliveries VALUES (8, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, NULL, 1795576492947);
INSERT INTO endpoints VALUES ('ep_38cb56ea7c017afbcc7b9a3db61ff201', '{"url":"https://a.example/in?token=URLSECRET","description":"","event_types":["*"],"filter":{"bands":[],"themes":[],"has_suggestion":null},"headers":{"authorization":"Bearer CRM"},"may_reply":false,"signature":"v1"}', 0, 'whsec_FMy8eY5ZruyYAu/jWCkpNUMqmA4QmMkn7uQm0VektXw=', NULL, NULL, 1795576492723, 1795576492864, NULL, 1795576492864, 'gone');
INSERT INTO endpoints VALUES ('ep_c39267e8efe8654b5a1fc7e39ee1e58b', '{"url":"https://b.example/ok","description":"","event_types":["*"],"filter":{"bands":["detractor"],"themes":[],"has_suggestion":null},"headers":{},"may_reply":false,"signature":"v1"}', 1, 'whsec_eXwlrs5M2hvZ0ggLNL3l+/hwAYAj1Kf/LHRTALZ6cU8=', NULL, NULL, 1795576492744, NULL, NULL, NULL, NULL);
INSERT INTO attempts VALUES (1, 'ep_38cb56ea7c017afbcc7b9a3db61ff201', 1, 1795576492848, 16, 410, NULL, NULL);
INSERT INTO attempts VALUES (2, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 1, 1795576492851, 18, 200, NULL, NULL);
INSERT INTO attempts VALUES (3, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 2, 1795576492852, 26, 200, NULL, NULL);
INSERT INTO attempts VALUES (4, 'ep_38cb56ea7c017afbcc7b9a3db61ff201', 2, 1795576492851, 35, 410, NULL, NULL);
INSERT INTO attempts VALUES (5, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 3, 1795576492870, 19, 200, NULL, NULL);
INSERT INTO attempts VALUES (6, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 4, 1795576492879, 18, 200, NULL, NULL);
INSERT INTO attempts VALUES (7, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 5, 1795576492890, 15, 200, NULL, NULL);
INSERT INTO attempts VALUES (8, 'ep_c39267e8efe8654b5a1fc7e39ee1e58b', 8, 1795576492944, 3, 200, NULL, NULL);
INSERT INTO messages VALUES ('msg_48d46a6fcd42056cb718bea64cfb528f', '0190a5c4-7a1c-7def-8123-000000000001', 'Sorry', NULL, NULL, 1795576492933);
INSERT INTO keys VALUES ('hk_bdfe6d238af5', 'x', 'read', 'af2caab3278252d86c8d6005e6ba6ac3b5ca6e7c13a49a74b459332bd592da9f', 1795576492763, NULL);
INSERT INTO answered VALUES ('k1', '{"AddMessage":{"response":"0190a5c4-7a1c-7def-8123-000000000001","message":{"text":"Sorry"}}}', '{"Message":{"id":"msg_48d46a6fcd42056cb718bea64cfb528f","response":"0190a5c4-7a1c-7def-8123-000000000001","text":"Sorry","from":null,"created_at":"2026-11-25T03:14:52.933Z"}}', 1795576492933);
INSERT INTO responses VALUES (1, '0190a5c4-7a1c-7def-8123-000000000001', 1, 3, 'The soup was cold and Tom was rude', 'https://a.example/', 'en', 'v1', '{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}', '{"text":"We hear you: “The soup was cold and Tom was rude”. Thank you for saying it as it was.","claims":[{"theme":"food","polarity":"negative","quote":"The soup was cold and Tom was rude"}],"ask":"contact","receipt":{"reference":"0000-0001","by_when":"soon"}}', 1795576492823, 1795576492823, 1795576492823, 1);
INSERT INTO responses VALUES (2, '0190a5c4-7a1c-7def-8123-000000000002', 1, 6, 'The soup was cold and Tom was rude', 'https://a.example/', 'en', 'v2', '{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.97427684,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}', '{"text":"“The soup was cold and Tom was rude”: that is not how it should be. Thank you for telling us.","claims":[{"theme":"food","polarity":"negative","quote":"The soup was cold and Tom was rude"}],"ask":"contact","receipt":{"reference":"0000-0002","by_when":"soon"}}', 1795576492871, 1795576492871, 1795576492871, 1);
INSERT INTO responses VALUES (3, '0190a5c4-7a1c-7def-8123-000000000003', 1, 9, 'The soup was cold and Tom was rude', 'https://a.example/', 'en', 'v3', '{"language":"en","informative":true,"overall":"negative","themes":[{"id":"food","polarity":"negative","confidence":0.9496996,"quote":"The soup was cold and Tom was rude"}],"topics":[],"suggestions":[],"people":[{"name":"Tom","polarity":"negative"}],"amounts":[],"intents":[]}', '{"text":"Thank you for being open with us: “The soup was cold and Tom was rude” has been heard.","claims":[{"theme":"food","polarity":"negative","quote":"The soup was cold and Tom was rude"}],"ask":null,"receipt":{"reference":"0000-0003","by_when":"soon"}}', 1795576492899, 1795576492899, 1795576492899, 1);
INSERT INTO shown VALUES (1795575600000, 'https://a.example/', 'en', 1);
INSERT INTO themes_found VALUES (1, 'food');
INSERT INTO themes_found VALUES (2, 'food');
INSERT INTO themes_found VALUES (3, 'food');
CREATE INDEX deliveries_due ON deliveries (endpoint, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX attempts_of_endpoint ON attempts (endpoint, id);
CREATE INDEX attempts_age ON attempts (at);
CREATE INDEX events_age ON events (created_at);
CREATE INDEX events_id ON events (id);
CREATE INDEX messages_of_response ON messages (response, created_at);
CREATE INDEX answered_age ON answered (created_at);
CREATE INDEX responses_newest ON responses (created_at, id);
CREATE INDEX responses_open ON responses (updated_at) WHERE completed_at IS NULL;
CREATE INDEX responses_listened ON responses (listened_revision) WHERE listened_revision IS NOT NULL;
CREATE TRIGGER comments_added AFTER INSERT ON responses WHEN new.comment IS NOT NULL BEGIN
             INSERT INTO comments (rowid, comment) VALUES (new.number, new.comment);
         END;
CREATE TRIGGER comments_changed AFTER UPDATE OF comment ON responses WHEN new.comment IS NOT old.comment BEGIN
             INSERT INTO comments (comments, rowid, comment) SELECT 'delete', old.number, old.comment
                 WHERE old.comment IS NOT NULL;
             INSERT INTO comments (rowid, comment) SELECT new.number, new.comment WHERE new.comment IS NOT NULL;
         END;
CREATE TRIGGER comments_gone AFTER DELETE ON responses WHEN old.comment IS NOT NULL BEGIN
             INSERT INTO comments (comments, rowid, comment) VALUES ('delete', old.number, old.comment);
         END;
CREATE INDEX themes_found_theme ON themes_found (theme, number);
CREATE TRIGGER themes_found_added AFTER INSERT ON responses WHEN new.heard IS NOT NULL BEGIN
             INSERT INTO themes_found SELECT DISTINCT new.number, value ->> 'id' FROM json_each(new.heard, '$.themes')
                 WHERE value ->> 'id' IS NOT NULL;
         END;
CREATE TRIGGER themes_found_changed AFTER UPDATE OF heard ON responses WHEN new.heard IS NOT old.heard BEGIN
             DELETE FROM themes_found WHERE number = old.number;
             INSERT INTO themes_found SELECT DISTINCT new.number, value ->> 'id' FROM json_each(new.heard, '$.themes')
                 WHERE value ->> 'id' IS NOT NULL;
         END;
CREATE TRIGGER themes_found_gone AFTER DELETE ON responses BEGIN
             DELETE FROM themes_found WHERE number = old.number;
         END;
INSERT INTO comments (comments) VALUES ('rebuild');
