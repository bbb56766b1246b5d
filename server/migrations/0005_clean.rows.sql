-- Rows written under 0005 that every later step must keep.
INSERT INTO life (one, epoch, backed_up_through, keyset_seen, last_change, clean)
VALUES (1, 'mfrggzdfmztwq2lknnwg23tpoa', 1, 3, 2, 1);

INSERT INTO reports (mark, id, centre, keyset, mailbox, token_hash, size_class, hour, sealed,
                     reply, parts, complete, read, passed_on, closed, held, erased)
VALUES (1, 'aeaqcaibaeaqcaibaeaqcaibae', 'hawthorns', 3,
        'aibaeaqcaibaeaqcaibaeaqcai', zeroblob(32), 1, 3600000,
        CAST('age-encryption.org/v1' || char(10) AS BLOB),
        'age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq',
        '[{"id":"ambqgaydambqgaydambqgaydam","length":9,"sha256":"' || hex(zeroblob(32)) || '"}]',
        0, 7200000, NULL, NULL, 1, 0),
       (2, 'aqcaibaeaqcaibaeaqcaibaeaq', '', 0, '', zeroblob(32), 0, 0, x'', NULL, NULL, 1, NULL, NULL, NULL, 0, 1);

INSERT INTO arrived_parts (report, part) VALUES ('aeaqcaibaeaqcaibaeaqcaibae', 'ambqgaydambqgaydambqgaydam');

INSERT INTO messages (number, id, report, from_centre, hour, sealed)
VALUES (1, 'aibaeaqcaibaeaqcaibaeaqcai', 'aeaqcaibaeaqcaibaeaqcaibae', 1, 7200000,
        CAST('age-encryption.org/v1' || char(10) AS BLOB));

INSERT INTO inboxes (centre, opened) VALUES ('hawthorns', 7200000);

INSERT INTO places (id, source, external_id, revision, gone, name, address, postcode, lat, lon, telephone, directions, sample,
                    opening_hours, status, listed, nation, what, offers, languages, trained, checked, review_by)
VALUES ('hawthorns-house', 'scheme', 'hawthorns-house', 1, 0, 'Hawthorns House',
        'Halfords Lane, West Bromwich', NULL, 52.5037, -1.9679, NULL, NULL, 0,
        'Mo-Fr 09:00-17:00; PH off', 'active', 1, 'england', 'Advice centre', 'step-free,toilets', 'en,pa', '2026-05-01', '2026-06-01', '2027-06-01'),
       ('closed-cafe', 'scheme', 'closed-cafe', 2, 1, 'Closed Café',
        '1 High Street', NULL, 52.5, -1.9, NULL, NULL, 1,
        NULL, 'paused', 1, 'wales', NULL, '', '', NULL, NULL, NULL);

INSERT INTO place_changes (place, at, who, field, before, after)
VALUES ('closed-cafe', 1764000000000, 'coordinator: Sam', 'status', 'active', 'paused');

INSERT INTO place_links (nonce, place, purpose, made, expires, used)
VALUES ('mfrggzdfmztwq2lknnwg23tpoa', 'hawthorns-house', 'confirm', 1764000000000, 1767000000000, NULL);

INSERT INTO notes (arrived, id, body_hash, kind, how, place, day)
VALUES (1, 'ambqgaydambqgaydambqgaydam', zeroblob(32), 'help-given', 'rang-contact', NULL, '2026-11-21'),
       (2, 'aqcaibaeaqcaibaeaqcaibaeaq', zeroblob(32), 'was-closed', NULL, 'closed-cafe', '2026-11-22');
