-- SPDX-FileCopyrightText: 2026 Postfix Manager authors
-- SPDX-License-Identifier: GPL-3.0-or-later
CREATE TABLE mailbox (
  username TEXT PRIMARY KEY, password TEXT, maildir TEXT, quota INTEGER, messages INTEGER, active INTEGER
);
CREATE TABLE quota2 (username TEXT PRIMARY KEY, bytes INTEGER NOT NULL DEFAULT 0, messages INTEGER NOT NULL DEFAULT 0);
CREATE TABLE user_shares (from_user TEXT, to_user TEXT, dummy TEXT, PRIMARY KEY (from_user, to_user));
CREATE TABLE anyone_shares (from_user TEXT PRIMARY KEY, dummy TEXT);
INSERT INTO mailbox VALUES
  ('anna@example.test', '$6$Test0Salt1$.AaNgY4u2nTC87YmxysLzw1fNoul4YpxZqK8V3rtre518nIhX8ScfW.Zu42qFtB2UZe0q25cRmeEc6iubJC.T.',
   'anna', 5242880, 100, 1),
  ('berta@example.test', '$6$Test0Salt1$QCoV65vigaja8t37ZUcpV7VNZI.klAaKBtwdnExSFvymwGe.R3fLOKSvA28ptpeaIuDYQfVwPHWaQ4MxlWf2I1',
   'berta', 0, 0, 1),
  ('gone@example.test', '$6$Test0Salt1$G0di2wfLmyMw7gwIJPw6qzMXJiqaJcRCcnGScc5zZhC1tPFa/J460JI/jX6jyLUKsGbKEEGvgTiy.IZbfwGRa/',
   'gone', 0, 0, 0);
