// Made by `python -m control.typescript`; not to be edited.

/** Every operation: what it takes, what it gives, and the codes of its own refusals. */
export interface Operations {
  /** Send a code to a phone Six digits, good for three minutes and five tries; another one may be asked for after thirty seconds. The answer is the same whether or not the number is in use. */
  "POST /api/v1/phone-codes": {
    body: AskCode;
    result: CodeSent;
    errors: "code_too_soon" | "internal" | "invalid" | "malformed" | "phone_invalid" | "rate_limited" | "sms_unavailable" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Prove a phone number The right code is exchanged, once, for a proof that opens one sign-up within ten minutes. */
  "POST /api/v1/phone-codes/verify": {
    body: TryCode;
    result: Proven;
    errors: "code_exhausted" | "code_expired" | "code_wrong" | "internal" | "invalid" | "malformed" | "phone_invalid" | "rate_limited" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Send a code to an e-mail address With the same rules as a code to a phone. */
  "POST /api/v1/email-codes": {
    body: AskEmailCode;
    result: CodeSent;
    errors: "code_too_soon" | "internal" | "invalid" | "mail_unavailable" | "malformed" | "rate_limited" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Prove an e-mail address The right code is exchanged, once, for a proof that opens one new password within ten minutes. */
  "POST /api/v1/email-codes/verify": {
    body: TryEmailCode;
    result: Proven;
    errors: "code_exhausted" | "code_expired" | "code_wrong" | "internal" | "invalid" | "malformed" | "rate_limited" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Set a forgotten password Needs the proof of the account's phone number or e-mail address, which it uses up. All sessions end, and their live sockets close; log in with the new password. The e-mail address is told. */
  "POST /api/v1/password-resets": {
    body: ResetPassword;
    result: undefined;
    errors: "account_not_found" | "contact_unproven" | "internal" | "invalid" | "malformed" | "overloaded" | "password_weak" | "rate_limited" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Sign up Needs the proof of a phone number, which it uses up; when a value is refused the proof stays good. With the proof of a social log-in no password is needed. */
  "POST /api/v1/accounts": {
    body: SignUp;
    result: Account;
    errors: "category_unknown" | "email_taken" | "identity_taken" | "internal" | "invalid" | "malformed" | "nickname_taken" | "overloaded" | "password_weak" | "phone_taken" | "phone_unproven" | "rate_limited" | "social_unproven" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Log in Gives an access token for fifteen minutes and a refresh token for fourteen days: in the answer, or with `cookies` in httpOnly cookies, and then only to our own pages. */
  "POST /api/v1/sessions": {
    body: LogIn;
    result: Tokens;
    errors: "account_deleted" | "credentials_wrong" | "csrf" | "internal" | "invalid" | "malformed" | "overloaded" | "rate_limited" | "suspended" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** List my sessions Device, place, when last seen, and which of them is this one. */
  "GET /api/v1/sessions": {
    result: Sessions;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Log out everywhere Ends all my sessions, this one too. */
  "DELETE /api/v1/sessions": {
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Refresh the tokens Each refresh token is good once. Whoever did not hear the answer may ask again within ten seconds, and is given the same refresh token as the first time; to use an old one later, or after its successor was used, ends the session for everybody who holds it. The token comes from the body, or from the cookie, and the new ones go the same way. */
  "POST /api/v1/sessions/refresh": {
    body?: Refresh;
    result: Tokens;
    errors: "csrf" | "internal" | "invalid" | "malformed" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "token_reused" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Log out Ends the session of the refresh token (from the body or the cookie) and closes its live sockets. Doing it twice, or with a token that has ended, is no error. */
  "POST /api/v1/sessions/logout": {
    body?: Refresh;
    result: undefined;
    errors: "csrf" | "internal" | "invalid" | "malformed" | "rate_limited" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** A token for my socket Of this session, for fifteen minutes: with it a page, which cannot read its cookies, renews its live connection. It opens nothing over HTTP. */
  "POST /api/v1/socket-tokens": {
    result: SocketToken;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** End one of my sessions Its tokens are refused from now on, and its live sockets close. */
  "DELETE /api/v1/sessions/{session}": {
    path: {
      readonly session: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** My own account With the roles I have now and what they permit. */
  "GET /api/v1/me": {
    result: Account;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change my own account Who may know whether I am here is heard by everybody's devices within a second; with another timezone, all my records are counted by its days. */
  "PATCH /api/v1/me": {
    body?: ChangeAccount;
    result: Account;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change my e-mail address Needs the proof of the new one, and the password or a proof of a contact I have now; proofs are used up by success alone. The former address is told. */
  "PUT /api/v1/me/email": {
    body: ChangeContact;
    result: Account;
    errors: "contact_unproven" | "csrf" | "email_taken" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "password_wrong" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change my phone number With the same rules as an e-mail address. */
  "PUT /api/v1/me/phone": {
    body: ChangeContact;
    result: Account;
    errors: "contact_unproven" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "password_wrong" | "phone_taken" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change my password Needs the present one, or a proof of a contact I have now; so does a first one. All my other sessions end, and their live sockets close; this one goes on. */
  "PUT /api/v1/me/password": {
    body: ChangePassword;
    result: undefined;
    errors: "contact_unproven" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "password_weak" | "password_wrong" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** The public keys Whoever verifies access tokens elsewhere finds here the key that signs and the one that is next. */
  "GET /.well-known/jwks.json": {
    result: Jwks;
    errors: "internal" | "invalid" | "unavailable";
  };
  /** List providers Those that can be logged in with here. */
  "GET /api/v1/social": {
    result: SocialProviders;
    errors: "internal" | "invalid";
  };
  /** Finish what was begun Logs in whose identity it is; answers a proof for the sign-up of who has no account yet; links, when that was begun. An attempt is good once, and only in the browser that began it. */
  "POST /api/v1/social": {
    body: FinishSocial;
    result: SocialResult;
    errors: "account_deleted" | "csrf" | "identity_taken" | "internal" | "invalid" | "malformed" | "rate_limited" | "social_attempt_over" | "social_refused" | "social_unavailable" | "suspended" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Begin to log in Send the browser to `url`; it comes back to our page `/social/{provider}` with `state` and `code`, which finish it. Good for ten minutes. */
  "POST /api/v1/social/{provider}": {
    path: {
      readonly provider: "42" | "google" | "kakao" | "naver";
    };
    body?: BeginSocial;
    result: SocialAttempt;
    errors: "csrf" | "internal" | "invalid" | "malformed" | "rate_limited" | "social_not_offered" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Begin to link an identity to my account It will be a way to log in, so it needs the password, or a proof of a contact I have now. Goes on as a log-in does, unless the password is changed meanwhile. */
  "POST /api/v1/me/social/{provider}": {
    path: {
      readonly provider: "42" | "google" | "kakao" | "naver";
    };
    body?: BeginSocialLink;
    result: SocialAttempt;
    errors: "contact_unproven" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "password_wrong" | "rate_limited" | "session_revoked" | "social_not_offered" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List what is linked to my account */
  "GET /api/v1/me/social": {
    result: Identities;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Unlink an identity Needs the password, or a proof of a contact I have now. Refused for the last way to log in; set a password first. Doing it twice is no error. */
  "POST /api/v1/me/social/{provider}/unlink": {
    path: {
      readonly provider: "42" | "google" | "kakao" | "naver";
    };
    body?: Ownership;
    result: undefined;
    errors: "contact_unproven" | "csrf" | "forbidden" | "internal" | "invalid" | "last_way_in" | "malformed" | "overloaded" | "password_wrong" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** People by their ids Who does not exist is left out. */
  "GET /api/v1/people": {
    query: {
      /** Ids with commas between */
      readonly ids: string;
    };
    result: People;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Find somebody By the whole nickname, e-mail address or phone number. Nobody is found who does not let themselves be found so; the answer is then the same as for who does not exist. It is a POST so that what is asked for stands in no address and no log. */
  "POST /api/v1/people/find": {
    body?: FindPerson;
    result: FoundPerson;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "phone_invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** One person As I may see them; my own profile is as others see it. */
  "GET /api/v1/people/{person}": {
    path: {
      readonly person: string;
    };
    result: Profile;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the pictures that a person has shown The present one is among them; what was put on last is first. */
  "GET /api/v1/people/{person}/avatars": {
    path: {
      readonly person: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Avatars;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change what others see of me Whoever shares a room with me or has me on a list of friends hears of another nickname, avatar, status message or badge within seconds. */
  "PATCH /api/v1/me/profile": {
    body?: ChangeProfile;
    result: Profile;
    errors: "badge_not_yours" | "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "nickname_taken" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media" | "upload_not_found";
  };
  /** Take a picture of mine out It is gone for good; when it is the present one, I have none then. One that is not there stays away. */
  "DELETE /api/v1/me/avatars/{upload}": {
    path: {
      readonly upload: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my friends, favourites, hidden or blocked Who was added last is first; who is hidden or blocked is not among friends and favourites. */
  "GET /api/v1/me/relations/{kind}": {
    path: {
      readonly kind: "blocked" | "favourite" | "friend" | "hidden";
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Relations;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make somebody a friend, a favourite, hidden or blocked Each is a list of its own, of 5,000 at most; the other is not told. Who is blocked cannot write to me directly, nor invite me, nor see whether I am online. */
  "PUT /api/v1/me/relations/{kind}/{person}": {
    path: {
      readonly kind: "blocked" | "favourite" | "friend" | "hidden";
      readonly person: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "person_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Take somebody off a list of mine Who is not on it stays off it. */
  "DELETE /api/v1/me/relations/{kind}/{person}": {
    path: {
      readonly kind: "blocked" | "favourite" | "friend" | "hidden";
      readonly person: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Create a room Whoever creates it owns it, and is its first member. A public or secret group is in the list; a private one, and a call, is found by its code alone, by invitation or by link. */
  "POST /api/v1/rooms": {
    body: CreateRoom;
    result: Room;
    errors: "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "rate_limited" | "reference_reused" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media" | "upload_not_found";
  };
  /** List public rooms The newest first, secret ones among them, for they can be joined with the password. Pages follow one another by cursor, which rooms that come and go never disturb, or are asked for by offset; either costs the same anywhere in the list. */
  "GET /api/v1/rooms": {
    query?: {
      readonly category?: string | null;
      readonly possible?: boolean;
      readonly text?: string | null;
      readonly cursor?: string | null;
      readonly offset?: number;
      readonly limit?: number;
    };
    result: RoomList;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my rooms With what was said last, how much is unread, and a few faces. A room of which newcomers see no history shows nothing from before my joining. */
  "GET /api/v1/rooms/mine": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: MyRooms;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Open the direct room with somebody There is one for every two people, whoever opens it first; opening it again brings back who had left it. */
  "POST /api/v1/rooms/direct": {
    body: OpenDirect;
    result: Room;
    errors: "blocked" | "blocked_by_me" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "person_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Join by code The code of a member opens every group and call, private and secret ones too. Joining a room that I am in already changes nothing. */
  "POST /api/v1/rooms/join": {
    body: JoinByCode;
    result: Room;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "room_code_wrong" | "room_full" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** One room Whole for its members; for others, what the list shows of a public or secret room. */
  "GET /api/v1/rooms/{room}": {
    path: {
      readonly room: string;
    };
    result: Room;
    errors: "forbidden" | "internal" | "invalid" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change a room Title, description, category, tags, image and slow mode are the moderators' to change; capacity, visibility, password and history the owner's. What is left out stays. */
  "PATCH /api/v1/rooms/{room}": {
    path: {
      readonly room: string;
    };
    body?: ChangeRoom;
    result: Room;
    errors: "capacity_below_members" | "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "not_a_moderator" | "not_the_owner" | "overloaded" | "rate_limited" | "room_not_found" | "room_of_class" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media" | "upload_not_found";
  };
  /** Close a room for good Its owner alone may; everybody is out, and nobody comes in again. */
  "DELETE /api/v1/rooms/{room}": {
    path: {
      readonly room: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_the_owner" | "rate_limited" | "room_not_found" | "room_of_class" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List members For members only; who came first is first. */
  "GET /api/v1/rooms/{room}/members": {
    path: {
      readonly room: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: RoomMembers;
    errors: "forbidden" | "internal" | "invalid" | "not_a_member" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Join a listed room A secret one with its password, at most ten tries in ten minutes. Joining a room that I am in already changes nothing. */
  "POST /api/v1/rooms/{room}/join": {
    path: {
      readonly room: string;
    };
    body?: JoinRoom;
    result: Room;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "overloaded" | "rate_limited" | "room_full" | "room_not_found" | "room_not_joinable" | "room_password_wrong" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Leave a room When the owner leaves, the room passes to the moderator, else the member, who has been in it longest; the last to leave archives it. The mentor of a class stays in its room. Leaving a room that I am not in changes nothing. */
  "POST /api/v1/rooms/{room}/leave": {
    path: {
      readonly room: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "room_of_class" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Mark messages as read Up to and with that `mseq`; it never goes back, nor beyond what was said. My devices hear of it over the socket, and so do the other members of a room of up to 200. */
  "PUT /api/v1/rooms/{room}/read": {
    path: {
      readonly room: string;
    };
    body: MarkRead;
    result: ReadUpTo;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List what happened in a room For members; where newcomers see no history, from their joining on. Events are in order of `seq`, with what the messages among them have become; `more` when there are others in the direction asked. A page ends before what is still on its way to the log. */
  "GET /api/v1/rooms/{room}/events": {
    path: {
      readonly room: string;
    };
    query?: {
      readonly before?: number | null;
      readonly after?: number | null;
      readonly around?: number | null;
      readonly limit?: number;
      readonly only?: "images" | null;
    };
    result: Page;
    errors: "forbidden" | "internal" | "invalid" | "log_unavailable" | "not_a_member" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List a thread The message first, then the replies to it in order of `seq`. */
  "GET /api/v1/rooms/{room}/events/{of}/thread": {
    path: {
      readonly room: string;
      readonly of: number;
    };
    query?: {
      readonly before?: number | null;
      readonly after?: number | null;
      readonly limit?: number;
    };
    result: Page;
    errors: "forbidden" | "internal" | "invalid" | "log_unavailable" | "message_not_found" | "not_a_member" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List what is pinned What was pinned last is first. */
  "GET /api/v1/rooms/{room}/pins": {
    path: {
      readonly room: string;
    };
    query?: {
      readonly before?: number | null;
    };
    result: Page;
    errors: "forbidden" | "internal" | "invalid" | "log_unavailable" | "not_a_member" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Search a room Messages whose present text has all the words, each anywhere inside a word, whatever the case; the newest first. A search does a bounded amount of work: `next` says where to go on, even when nothing was found yet, and is null at the end. */
  "GET /api/v1/rooms/{room}/search": {
    path: {
      readonly room: string;
    };
    query: {
      readonly text: string;
      readonly before?: number | null;
      readonly limit?: number;
    };
    result: Found;
    errors: "forbidden" | "internal" | "invalid" | "log_unavailable" | "not_a_member" | "overloaded" | "rate_limited" | "session_revoked" | "text_empty" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Draw the join code anew The old one opens nothing from now on. */
  "POST /api/v1/rooms/{room}/code": {
    path: {
      readonly room: string;
    };
    result: Room;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "rate_limited" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Be notified of all messages here, of mentions, or of none */
  "PUT /api/v1/rooms/{room}/notifications": {
    path: {
      readonly room: string;
    };
    body: SetNotifications;
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Make somebody a moderator, or a plain member again; or the owner, and myself a moderator */
  "PUT /api/v1/rooms/{room}/members/{person}/role": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    body: SetRole;
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "not_the_owner" | "person_not_found" | "person_not_in_room" | "rate_limited" | "room_not_found" | "room_of_class" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Put somebody out He may come in again as others do. Who is not in stays out. */
  "DELETE /api/v1/rooms/{room}/members/{person}": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "person_not_found" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List who is kept out For moderators; the newest ban is first. */
  "GET /api/v1/rooms/{room}/bans": {
    path: {
      readonly room: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: BanList;
    errors: "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Put somebody out and keep him out Until a time, or for good; also somebody who is not in. A second ban takes the place of the first. */
  "PUT /api/v1/rooms/{room}/bans/{person}": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    body?: Ban;
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "not_a_moderator" | "person_not_found" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Lift a ban Who is not banned stays so. */
  "DELETE /api/v1/rooms/{room}/bans/{person}": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "person_not_found" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Let somebody listen and not speak Until then; a second time takes the place of the first. */
  "PUT /api/v1/rooms/{room}/mutes/{person}": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    body: Mute;
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "not_a_moderator" | "person_not_found" | "person_not_in_room" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Let somebody speak again */
  "DELETE /api/v1/rooms/{room}/mutes/{person}": {
    path: {
      readonly room: string;
      readonly person: string;
    };
    result: undefined;
    errors: "above_you" | "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "person_not_found" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List what was done in a room For moderators; the newest is first. */
  "GET /api/v1/rooms/{room}/audit": {
    path: {
      readonly room: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Audit;
    errors: "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Ask people into a group Any member may; who is in, or was asked by me already, is passed over. An invitation opens the room for two weeks, whatever its visibility. */
  "POST /api/v1/rooms/{room}/invitations": {
    path: {
      readonly room: string;
    };
    body: Invite;
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "person_banned" | "person_not_found" | "rate_limited" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List my invitations Those that I can still accept, the newest first. */
  "GET /api/v1/me/invitations": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Invitations;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Accept an invitation To accept it again changes nothing. */
  "POST /api/v1/me/invitations/{invitation}/accept": {
    path: {
      readonly invitation: string;
    };
    result: Room;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "invitation_not_found" | "rate_limited" | "room_full" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Decline an invitation Who asked is not told. */
  "DELETE /api/v1/me/invitations/{invitation}": {
    path: {
      readonly invitation: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make a link into a group For moderators. It lasts up to 30 days, and lets in as many as it says; a room has up to 20 at once. */
  "POST /api/v1/rooms/{room}/links": {
    path: {
      readonly room: string;
    };
    body?: MakeLink;
    result: RoomLink;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "not_a_member" | "not_a_moderator" | "rate_limited" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List the links of a room For moderators; the newest is first. */
  "GET /api/v1/rooms/{room}/links": {
    path: {
      readonly room: string;
    };
    result: RoomLinks;
    errors: "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Remove a link It leads nowhere from now on. */
  "DELETE /api/v1/rooms/{room}/links/{link}": {
    path: {
      readonly room: string;
      readonly link: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Where a link leads What the list would show of the room. */
  "GET /api/v1/links/{code}": {
    path: {
      readonly code: string;
    };
    result: ListedRoom;
    errors: "forbidden" | "internal" | "invalid" | "link_expired" | "link_not_found" | "link_used_up" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Join by a link It opens secret and private rooms, too. Who is in already uses none of it up. */
  "POST /api/v1/links/{code}/join": {
    path: {
      readonly code: string;
    };
    result: Room;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "link_expired" | "link_not_found" | "link_used_up" | "rate_limited" | "room_full" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Report a message Once; what it says now is kept for the admins to see, whatever becomes of it. */
  "POST /api/v1/rooms/{room}/messages/{seq}/reports": {
    path: {
      readonly room: string;
      readonly seq: number;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "message_deleted" | "message_not_found" | "not_a_member" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a person Once. */
  "POST /api/v1/people/{person}/reports": {
    path: {
      readonly person: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "person_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a room Once. */
  "POST /api/v1/rooms/{room}/reports": {
    path: {
      readonly room: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a question Once; what it says now is kept. */
  "POST /api/v1/questions/{question}/reports": {
    path: {
      readonly question: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "question_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report an answer Once; what it says now is kept. */
  "POST /api/v1/answers/{answer}/reports": {
    path: {
      readonly answer: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "answer_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a comment Once; what it says now is kept. */
  "POST /api/v1/comments/{comment}/reports": {
    path: {
      readonly comment: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report somebody's review of a class Once; what it says now is kept. */
  "POST /api/v1/classes/{class_id}/reviews/{person}/reports": {
    path: {
      readonly class_id: string;
      readonly person: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "rate_limited" | "review_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a post that looks for company Once; who wrote it is known to the admins, also of an anonymous one. */
  "POST /api/v1/posts/{post}/reports": {
    path: {
      readonly post: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "post_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Report a comment on such a post Once; as with the post. */
  "POST /api/v1/posts/{post}/comments/{comment_id}/reports": {
    path: {
      readonly post: string;
      readonly comment_id: string;
    };
    body: MakeReport;
    result: undefined;
    errors: "already_reported" | "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "post_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List reports For admins: those that are open, or those that are resolved; the newest is first. */
  "GET /api/v1/reports": {
    query?: {
      readonly resolved?: boolean;
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Reports;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Resolve a report For admins; the first who does decides, and to say the same again changes nothing. */
  "PUT /api/v1/reports/{report}/outcome": {
    path: {
      readonly report: string;
    };
    body: Resolve;
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "report_not_found" | "report_resolved" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Ask to send a file What for decides how large it may be and of which types. The answer is good for two minutes and for that one file; what is not confirmed within the hour is swept away, and what is put to no use within a day. Twenty files may be open at once, and 500 MiB in use nowhere. */
  "POST /api/v1/uploads": {
    body: AskUpload;
    result: SignedUpload;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_a_member" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "too_many_uploads" | "unauthenticated" | "unavailable" | "unsupported_media" | "upload_too_large" | "upload_type_refused";
  };
  /** Confirm that the file was sent It is looked at: another size or type than was asked for is refused, and the file is gone. Pictures get a thumbnail. Confirming again changes nothing. */
  "POST /api/v1/uploads/{upload}/confirm": {
    path: {
      readonly upload: string;
    };
    result: Upload;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable" | "upload_mismatch" | "upload_missing";
  };
  /** One file, with URLs that give it for two minutes For its owner, and for who may see what it belongs to: the profile, the room, the class, the message, the application. What belongs to nothing yet is its owner's alone. */
  "GET /api/v1/uploads/{upload}": {
    path: {
      readonly upload: string;
    };
    result: ReadableUpload;
    errors: "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Go to the file Redirects to a signed URL, so that a page can show it by this address. */
  "GET /api/v1/uploads/{upload}/content": {
    path: {
      readonly upload: string;
    };
    query?: {
      readonly size?: "full" | "thumbnail";
      readonly link?: string | null;
    };
    result: string;
    errors: "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Apply to be a mentor One application at a time; who was rejected may apply again. Certificates are uploads of that purpose, mine and confirmed; only admins read them. */
  "POST /api/v1/me/mentor-applications": {
    body: Apply;
    result: Application;
    errors: "already_mentor" | "application_not_found" | "application_pending" | "category_unknown" | "certificate_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List my applications The newest first, with what became of them. */
  "GET /api/v1/me/mentor-applications": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Applications;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Withdraw my application As if it had never been sent, as long as nobody has decided; I may apply again. What is not there stays so. */
  "DELETE /api/v1/me/mentor-applications/{application}": {
    path: {
      readonly application: string;
    };
    result: undefined;
    errors: "application_decided" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List applications For admins: those that are pending, unless another state is asked for. */
  "GET /api/v1/admin/mentor-applications": {
    query?: {
      readonly state?: "authorized" | "pending" | "rejected";
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Applications;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Approve an application The applicant is a mentor from now on, is listed, and hears of it at once. To approve it again changes nothing; nobody decides on his own. */
  "POST /api/v1/admin/mentor-applications/{application}/approve": {
    path: {
      readonly application: string;
    };
    result: undefined;
    errors: "application_decided" | "application_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Reject an application The applicant hears why, and may apply again. */
  "POST /api/v1/admin/mentor-applications/{application}/reject": {
    path: {
      readonly application: string;
    };
    body: Reject;
    result: undefined;
    errors: "application_decided" | "application_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List mentors Of one category or of all, by their followers, their best answers, or their rating. */
  "GET /api/v1/mentors": {
    query?: {
      readonly category?: string | null;
      readonly by?: "answers" | "followers" | "rating";
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Mentors;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** A mentor's page What the list shows of one. */
  "GET /api/v1/mentors/{mentor}": {
    path: {
      readonly mentor: string;
    };
    result: Mentor;
    errors: "forbidden" | "internal" | "invalid" | "mentor_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change what others see of me The introduction, the hours, the categories. */
  "PATCH /api/v1/me/mentor": {
    body?: ChangeCard;
    result: Mentor;
    errors: "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "mentor_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Follow a mentor I hear of new classes from now on; up to 2,000 mentors. To follow again changes nothing. */
  "PUT /api/v1/me/follows/{mentor}": {
    path: {
      readonly mentor: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "mentor_not_found" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Follow a mentor no more Who is not followed stays so. */
  "DELETE /api/v1/me/follows/{mentor}": {
    path: {
      readonly mentor: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the mentors that I follow Whom I followed last is first. */
  "GET /api/v1/me/follows": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Mentors;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make a class For mentors. It is a draft that nobody else sees, and its room is there already: the place for the meeting link. */
  "POST /api/v1/classes": {
    body: MakeClass;
    result: Class;
    errors: "category_unknown" | "class_not_found" | "cover_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "mentor_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List open classes Of one category or of all, what was opened last first or what starts soonest. */
  "GET /api/v1/classes": {
    query?: {
      readonly category?: string | null;
      readonly by?: "newest" | "start";
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Classes;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** One class A draft is for its mentor alone; what was unlisted is for who is in it. */
  "GET /api/v1/classes/{class_id}": {
    path: {
      readonly class_id: string;
    };
    result: Class;
    errors: "class_not_found" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change a class of mine Everything while it is a draft; all but price and questions while it is open and has not begun, though a start that people registered for can only be put off: then they hear of it, and so does who waits. More places go to who waits. */
  "PATCH /api/v1/classes/{class_id}": {
    path: {
      readonly class_id: string;
    };
    body?: ChangeClass;
    result: Class;
    errors: "capacity_below_registered" | "category_unknown" | "class_closed" | "class_not_draft" | "class_not_found" | "class_started" | "cover_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "room_archived" | "session_revoked" | "start_not_earlier" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take a draft of mine back Its room is closed for good. */
  "DELETE /api/v1/classes/{class_id}": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_draft" | "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Open a class of mine People may register, and those who follow me hear of it. To open it again changes nothing. */
  "POST /api/v1/classes/{class_id}/open": {
    path: {
      readonly class_id: string;
    };
    result: Class;
    errors: "class_closed" | "class_not_found" | "class_started" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Close a class of mine Nobody registers any more; who is registered stays so, and who waits is told. A class that begins is closed by itself. */
  "POST /api/v1/classes/{class_id}/close": {
    path: {
      readonly class_id: string;
    };
    result: Class;
    errors: "class_not_found" | "class_not_open" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Call a class of mine off, before it begins Everybody has their points back and is told. */
  "POST /api/v1/classes/{class_id}/call-off": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_found" | "class_not_open" | "class_started" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List who registered for a class of mine With their answers; or who waits. */
  "GET /api/v1/classes/{class_id}/registrations": {
    path: {
      readonly class_id: string;
    };
    query?: {
      readonly state?: "registered" | "waiting";
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Registrants;
    errors: "class_not_found" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Register for a class Its price is taken from my points, and I am in its room; with `wait`, I am on the waiting list when it is full, pay nothing yet, and come in when a place is free that I can pay for: within a minute, or at once when I ask again. To register again changes nothing else. */
  "PUT /api/v1/classes/{class_id}/registration": {
    path: {
      readonly class_id: string;
    };
    body?: Register;
    result: Registration;
    errors: "answers_missing" | "banned" | "blocked" | "blocked_by_me" | "class_full" | "class_not_found" | "class_not_open" | "class_started" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_enough_points" | "not_oneself" | "rate_limited" | "room_archived" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Cancel my registration Until the class begins all points come back; from then on none do. The place goes to who has waited longest. Who is not registered stays so. */
  "DELETE /api/v1/classes/{class_id}/registration": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "room_archived" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Come back into the class room For who is registered and left it. */
  "POST /api/v1/classes/{class_id}/room": {
    path: {
      readonly class_id: string;
    };
    result: Room;
    errors: "banned" | "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "not_registered" | "rate_limited" | "room_archived" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my classes Those that I registered for or wait for, the last first. */
  "GET /api/v1/me/classes": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Classes;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List a mentor's classes The newest first; my own with drafts and what was unlisted. */
  "GET /api/v1/mentors/{mentor}/classes": {
    path: {
      readonly mentor: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Classes;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Unlist a class No list shows it and nobody registers; who is in it stays. */
  "PUT /api/v1/admin/classes/{class_id}/unlisting": {
    path: {
      readonly class_id: string;
    };
    body: Unlist;
    result: undefined;
    errors: "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List a class again As if it had never been unlisted. */
  "DELETE /api/v1/admin/classes/{class_id}/unlisting": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Call anybody's class off, before it begins As its mentor would, who may be gone. */
  "POST /api/v1/admin/classes/{class_id}/call-off": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_found" | "class_not_open" | "class_started" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Review a class For who is registered, from when it begins: one to five stars, in halves. To review it again edits what was said. */
  "PUT /api/v1/classes/{class_id}/review": {
    path: {
      readonly class_id: string;
    };
    body: WriteReview;
    result: Review;
    errors: "class_not_found" | "class_not_started" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_registered" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take my review back It counts no more. Who did not review the class changes nothing. */
  "DELETE /api/v1/classes/{class_id}/review": {
    path: {
      readonly class_id: string;
    };
    result: undefined;
    errors: "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the reviews of a class The newest first. */
  "GET /api/v1/classes/{class_id}/reviews": {
    path: {
      readonly class_id: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Reviews;
    errors: "class_not_found" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the reviews of a mentor Those of all classes, the newest first, with their average. */
  "GET /api/v1/mentors/{mentor}/reviews": {
    path: {
      readonly mentor: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: MentorReviews;
    errors: "forbidden" | "internal" | "invalid" | "mentor_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Take somebody's review away For admins; it counts no more. Where there is none nothing changes. */
  "DELETE /api/v1/admin/classes/{class_id}/reviews/{person}": {
    path: {
      readonly class_id: string;
      readonly person: string;
    };
    result: undefined;
    errors: "class_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the conditions In Korean and English, in the order in which to show them. Answered from memory, which follows an edit within a second. */
  "GET /api/v1/conditions": {
    result: Conditions;
    errors: "internal" | "invalid";
  };
  /** Offer a condition A new one, a known one under other names or in another place, or a retired one again. Each list has 200 at most; all are answered as they are then. */
  "PUT /api/v1/admin/conditions/{of}/{key}": {
    path: {
      readonly of: "kinds" | "places" | "ways";
      /** For ever: it is what other things refer to */
      readonly key: string;
    };
    body: PutCondition;
    result: Conditions;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Retire a condition It is not offered any more, and stays where it was chosen. Retiring it again changes nothing. */
  "DELETE /api/v1/admin/conditions/{of}/{key}": {
    path: {
      readonly of: "kinds" | "places" | "ways";
      /** For ever: it is what other things refer to */
      readonly key: string;
    };
    result: Conditions;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Look for company For half an hour, or until somebody fits: who shares a place and a way, or a kind. Whoever came first is matched first. Both hear of it live and meet in a room of their own; an application that runs out is told, too. */
  "POST /api/v1/matching/random": {
    body: ApplyAtRandom;
    result: RandomApplication;
    errors: "already_applied" | "condition_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** See how my applications stand The newest of each category, whatever became of it. */
  "GET /api/v1/matching/random": {
    result: RandomApplications;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Look for company no more To cancel it again, or one that has run out, changes nothing. */
  "DELETE /api/v1/matching/random/{application}": {
    path: {
      readonly application: string;
    };
    result: undefined;
    errors: "already_matched" | "application_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** My points How many there are, and everything that came or went, the newest first. */
  "GET /api/v1/me/points": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Statement;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** The points of a person For admins; what they read is what the person reads. */
  "GET /api/v1/admin/people/{person}/points": {
    path: {
      readonly person: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Statement;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Grant points to a person The same `client_id` grants them once, however often it is sent; with anything else in it, it is refused. */
  "POST /api/v1/admin/points/grants": {
    body: Grant;
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "person_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Write a post I am the first of its people. Up to 20 of mine are open at once. */
  "POST /api/v1/posts": {
    body: WritePost;
    result: Post;
    errors: "condition_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "post_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "too_many_posts" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List posts All of them or those of a category and with conditions; what was written last first, or what meets soonest. Posts of whom I blocked are left out, but for anonymous ones. */
  "GET /api/v1/posts": {
    query?: {
      readonly category?: "meal" | "study" | null;
      readonly place?: string | null;
      readonly way?: string | null;
      readonly kind?: string | null;
      readonly open?: boolean;
      readonly text?: string | null;
      readonly by?: "newest" | "soonest";
      readonly since?: number | null;
      readonly until?: number | null;
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Posts;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my posts Those that I wrote and those that I am in, whatever became of them; the newest first. */
  "GET /api/v1/me/posts": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Posts;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** One post What was cancelled is there for who is in it. */
  "GET /api/v1/posts/{post}": {
    path: {
      readonly post: string;
    };
    result: Post;
    errors: "forbidden" | "internal" | "invalid" | "post_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change a post of mine, as long as it is open Who is in it hears of that. */
  "PATCH /api/v1/posts/{post}": {
    path: {
      readonly post: string;
    };
    body?: ChangePost;
    result: Post;
    errors: "capacity_below_joined" | "condition_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "post_cancelled" | "post_confirmed" | "post_not_found" | "post_not_yours" | "post_over" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take a post away, whatever became of it For moderators of the board: nothing is left of its words and its comments, and no list has it. Where people have met, they have; their match and its room are called so no more. Again changes nothing. */
  "DELETE /api/v1/posts/{post}": {
    path: {
      readonly post: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "post_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Cancel a post of mine; a moderator of the board cancels any To cancel it again changes nothing. */
  "POST /api/v1/posts/{post}/cancel": {
    path: {
      readonly post: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "post_confirmed" | "post_not_found" | "post_not_yours" | "post_over" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Join a post As long as there is a place left. */
  "POST /api/v1/posts/{post}/join": {
    path: {
      readonly post: string;
    };
    result: Post;
    errors: "blocked_by_me" | "csrf" | "forbidden" | "internal" | "invalid" | "post_cancelled" | "post_confirmed" | "post_full" | "post_joined" | "post_not_found" | "post_over" | "post_own" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Leave a post that I joined, as long as it is open Of a match nobody takes leave, but of its room. */
  "POST /api/v1/posts/{post}/leave": {
    path: {
      readonly post: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "post_cancelled" | "post_confirmed" | "post_not_found" | "post_not_joined" | "post_over" | "post_own" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Confirm a post of mine, with two people or more They are a match from then on, in a room of theirs, and know each other's names; each of them hears of it at once. */
  "POST /api/v1/posts/{post}/confirm": {
    path: {
      readonly post: string;
    };
    result: Post;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "post_cancelled" | "post_confirmed" | "post_not_found" | "post_not_yours" | "post_over" | "post_too_few" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the comments on a post The oldest first. */
  "GET /api/v1/posts/{post}/comments": {
    path: {
      readonly post: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: PostComments;
    errors: "forbidden" | "internal" | "invalid" | "post_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Comment on a post, as long as it is open Who is in it hears of that. */
  "POST /api/v1/posts/{post}/comments": {
    path: {
      readonly post: string;
    };
    body: WritePostComment;
    result: PostComment;
    errors: "blocked_by_me" | "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "post_cancelled" | "post_confirmed" | "post_not_found" | "post_over" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change a comment of mine, as long as the post is open */
  "PATCH /api/v1/posts/{post}/comments/{comment_id}": {
    path: {
      readonly post: string;
      readonly comment_id: string;
    };
    body: ChangePostComment;
    result: PostComment;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "post_cancelled" | "post_confirmed" | "post_not_found" | "post_over" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take a comment of mine back, at any time; a moderator of the board takes any away */
  "DELETE /api/v1/posts/{post}/comments/{comment_id}": {
    path: {
      readonly post: string;
      readonly comment_id: string;
    };
    result: undefined;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "post_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my matches With my partners, and the scores that I gave them; the newest first. */
  "GET /api/v1/me/matches": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Matches;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** One match of mine */
  "GET /api/v1/matches/{match}": {
    path: {
      readonly match: string;
    };
    result: Match;
    errors: "forbidden" | "internal" | "invalid" | "match_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Review a partner of mine Once, from when we meet until two weeks later: the score goes to their activity, and 20 to mine. They are not told who gave it. To say the same again changes nothing. */
  "PUT /api/v1/matches/{match}/reviews/{person}": {
    path: {
      readonly match: string;
      readonly person: string;
    };
    body: ReviewPartner;
    result: undefined;
    errors: "already_reviewed" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "match_not_found" | "not_matched" | "not_oneself" | "rate_limited" | "review_too_early" | "review_too_late" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Come back into the room of a match of mine Who is in it stays in it. */
  "POST /api/v1/matches/{match}/room": {
    path: {
      readonly match: string;
    };
    result: Room;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "match_not_found" | "rate_limited" | "room_archived" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List questions All of them, or those of a category, a tag (in capitals or not) or a person; the newest first, those without an answer, or those that are liked most. */
  "GET /api/v1/questions": {
    query?: {
      /** `unanswered` are the newest of those without an answer */
      readonly order?: "liked" | "newest" | "unanswered";
      readonly category?: string | null;
      readonly tag?: string | null;
      readonly author?: string | null;
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Questions;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Ask a question With up to five tags, and four pictures that were uploaded for it. */
  "POST /api/v1/questions": {
    body: AskQuestion;
    result: Question;
    errors: "attachment_not_found" | "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "question_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** One question with its answers The best one stands apart; of the others, what is liked most is first. */
  "GET /api/v1/questions/{question}": {
    path: {
      readonly question: string;
    };
    query?: {
      readonly limit?: number;
    };
    result: QuestionPage;
    errors: "forbidden" | "internal" | "invalid" | "question_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Change my question What is left out stays; pictures that are not named any more are deleted. */
  "PATCH /api/v1/questions/{question}": {
    path: {
      readonly question: string;
    };
    body?: ChangeQuestion;
    result: Question;
    errors: "attachment_not_found" | "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "question_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Remove a question My own as long as nobody answered; a moderator of the board removes any, with its answers. What was commented goes with it. */
  "DELETE /api/v1/questions/{question}": {
    path: {
      readonly question: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "question_answered" | "question_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Choose the best answer to my question For good: who wrote it is given points at once, of one asker three times in 24 hours. It cannot be one of my own; to choose it again changes nothing. */
  "PUT /api/v1/questions/{question}/best": {
    path: {
      readonly question: string;
    };
    body: ChooseBest;
    result: undefined;
    errors: "answer_not_found" | "best_chosen" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "not_oneself" | "question_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List answers All but the best one, which comes with the question; what is liked most is first. */
  "GET /api/v1/questions/{question}/answers": {
    path: {
      readonly question: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Answers;
    errors: "forbidden" | "internal" | "invalid" | "question_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Answer a question */
  "POST /api/v1/questions/{question}/answers": {
    path: {
      readonly question: string;
    };
    body: WriteAnswer;
    result: Answer;
    errors: "answer_not_found" | "attachment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "question_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change my answer What is left out stays; pictures that are not named any more are deleted. */
  "PATCH /api/v1/answers/{answer}": {
    path: {
      readonly answer: string;
    };
    body?: ChangeAnswer;
    result: Answer;
    errors: "answer_not_found" | "attachment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Remove an answer My own unless it was chosen; a moderator of the board removes any, and then the asker may choose another. What was commented on it goes with it. */
  "DELETE /api/v1/answers/{answer}": {
    path: {
      readonly answer: string;
    };
    result: undefined;
    errors: "answer_chosen" | "answer_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List what somebody answered The newest first, each with the title of its question. */
  "GET /api/v1/people/{person}/answers": {
    path: {
      readonly person: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: AnswersOf;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the comments on a question The oldest first, each followed by its replies. */
  "GET /api/v1/questions/{question}/comments": {
    path: {
      readonly question: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Comments;
    errors: "forbidden" | "internal" | "invalid" | "question_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Comment on a question Or reply to a comment on it: three replies deep at most. */
  "POST /api/v1/questions/{question}/comments": {
    path: {
      readonly question: string;
    };
    body: WriteComment;
    result: Comment;
    errors: "comment_not_found" | "comment_too_deep" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "question_not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List the comments on an answer The oldest first, each followed by its replies. */
  "GET /api/v1/answers/{answer}/comments": {
    path: {
      readonly answer: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Comments;
    errors: "answer_not_found" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Comment on an answer Or reply to a comment on it: three replies deep at most. */
  "POST /api/v1/answers/{answer}/comments": {
    path: {
      readonly answer: string;
    };
    body: WriteComment;
    result: Comment;
    errors: "answer_not_found" | "comment_not_found" | "comment_too_deep" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change my comment */
  "PATCH /api/v1/comments/{comment}": {
    path: {
      readonly comment: string;
    };
    body: ChangeComment;
    result: Comment;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Remove a comment My own; a moderator of the board removes any. Its place stays as long as somebody replied. */
  "DELETE /api/v1/comments/{comment}": {
    path: {
      readonly comment: string;
    };
    result: undefined;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like a question of somebody else To like it again changes nothing. */
  "PUT /api/v1/questions/{question}/like": {
    path: {
      readonly question: string;
    };
    result: Likes;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "question_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like a question no more */
  "DELETE /api/v1/questions/{question}/like": {
    path: {
      readonly question: string;
    };
    result: Likes;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "question_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like an answer of somebody else To like it again changes nothing. */
  "PUT /api/v1/answers/{answer}/like": {
    path: {
      readonly answer: string;
    };
    result: Likes;
    errors: "answer_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like an answer no more */
  "DELETE /api/v1/answers/{answer}/like": {
    path: {
      readonly answer: string;
    };
    result: Likes;
    errors: "answer_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like a comment of somebody else To like it again changes nothing. */
  "PUT /api/v1/comments/{comment}/like": {
    path: {
      readonly comment: string;
    };
    result: Likes;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Like a comment no more */
  "DELETE /api/v1/comments/{comment}/like": {
    path: {
      readonly comment: string;
    };
    result: Likes;
    errors: "comment_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Search Every word, anywhere in a word of a title, a tag or a text, in Hangul and in any other script; when that finds little, what looks alike. The best first, 100 at most. It also finds what was typed with the keyboard in the wrong language. */
  "GET /api/v1/search": {
    query: {
      readonly text: string;
      readonly kind?: "class" | "mentor" | "question" | "room" | null;
      readonly limit?: number;
    };
    result: Hits;
    errors: "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Complete what is being typed Titles that begin so, then those where a word does; a syllable may be half typed. */
  "GET /api/v1/search/suggestions": {
    query: {
      readonly text: string;
      readonly kind?: "class" | "mentor" | "question" | "room" | null;
    };
    result: Suggestions;
    errors: "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** When I entered and left rooms The newest first. Nobody else reads it, and after three years nobody at all. */
  "GET /api/v1/me/records/log": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: StayLog;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** How long I was in rooms Over a day, week, month or year of my timezone, by category and by day. Weeks begin on Monday. */
  "GET /api/v1/me/records/{period}": {
    path: {
      readonly period: "day" | "month" | "week" | "year";
    };
    query?: {
      readonly on?: string | null;
    };
    result: Record;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** The same as a picture A day and a week by category, a month by day, a year as a calendar. It is a text to those who do not see it. */
  "GET /api/v1/me/records/{period}/graph.svg": {
    path: {
      readonly period: "day" | "month" | "week" | "year";
    };
    query?: {
      readonly on?: string | null;
      readonly theme?: "auto" | "dark" | "light";
      readonly language?: "en" | "ko" | null;
    };
    result: string;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the badges All that can be earned, with how far I am, and those that are mine. Whoever earns one in a room hears of it on the socket within some seconds. The one on my profile is chosen with the profile. */
  "GET /api/v1/me/badges": {
    result: MyBadges;
    errors: "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the badges of a person The last one is first. Of who blocked me there are none. */
  "GET /api/v1/people/{person}/badges": {
    path: {
      readonly person: string;
    };
    result: AwardedBadges;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** A picture that comes with Madang Badges have one of these, unless an admin uploaded another. */
  "GET /api/v1/badges/drawings/{drawing}.svg": {
    path: {
      readonly drawing: "book" | "broom" | "code" | "compass" | "drop" | "eye" | "flame" | "flask" | "gate" | "heart" | "house" | "lantern" | "medal" | "moon" | "mountain" | "note" | "palette" | "pencil" | "pot" | "seedling" | "speech" | "stall" | "steps" | "tree";
    };
    result: string;
    errors: "internal" | "invalid";
  };
  /** List all badges For admins: the retired ones, too, and how many places are left. */
  "GET /api/v1/admin/badges": {
    result: BadgeList;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Offer a badge A new one, a known one otherwise, or a retired one again; there are 200 at most. Who has earned it already gets it, too: who came first at once, who was in rooms long enough once their time has been looked at. */
  "PUT /api/v1/admin/badges/{key}": {
    path: {
      /** For ever: it is what awards refer to */
      readonly key: string;
    };
    body: PutBadge;
    result: BadgeList;
    errors: "badge_rule_fixed" | "category_unknown" | "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media" | "upload_not_found";
  };
  /** Retire a badge It is not awarded any more, and stays with those who have it. Retiring it again changes nothing. */
  "DELETE /api/v1/admin/badges/{key}": {
    path: {
      /** For ever: it is what awards refer to */
      readonly key: string;
    };
    result: BadgeList;
    errors: "badge_not_found" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List who has a badge For admins: the last one first, with who granted it and in what words. */
  "GET /api/v1/admin/badges/{key}/holders": {
    path: {
      /** For ever: it is what awards refer to */
      readonly key: string;
    };
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Holders;
    errors: "badge_not_found" | "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Grant a badge One that admins grant, to a person, who hears of it at once. To grant it again changes nothing. */
  "PUT /api/v1/admin/badges/{key}/holders/{person}": {
    path: {
      /** For ever: it is what awards refer to */
      readonly key: string;
      readonly person: string;
    };
    body?: GrantBadge;
    result: undefined;
    errors: "badge_not_found" | "badge_not_granted" | "badge_retired" | "csrf" | "forbidden" | "internal" | "invalid" | "malformed" | "person_not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take a badge back One that admins grant; it goes from the profile, too. Who does not have it stays without. */
  "DELETE /api/v1/admin/badges/{key}/holders/{person}": {
    path: {
      /** For ever: it is what awards refer to */
      readonly key: string;
      readonly person: string;
    };
    result: undefined;
    errors: "badge_not_found" | "badge_not_granted" | "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make a bot It has no password; programs speak for it with API tokens. Ten for each owner. */
  "POST /api/v1/bots": {
    body: CreateBot;
    result: Bot;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "nickname_taken" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List my bots Those that are retired are left out. */
  "GET /api/v1/bots": {
    result: Bots;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Retire a bot Its tokens are revoked, its sockets close, it leaves its rooms; what it said stays. */
  "DELETE /api/v1/bots/{bot}": {
    path: {
      readonly bot: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make an API token The secret is in this answer and nowhere else; whoever has it may do what its scopes let. */
  "POST /api/v1/bots/{bot}/tokens": {
    path: {
      readonly bot: string;
    };
    body: CreateToken;
    result: NewApiToken;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List a bot's API tokens With their scopes and when they were last used; not their secrets. */
  "GET /api/v1/bots/{bot}/tokens": {
    path: {
      readonly bot: string;
    };
    result: ApiTokens;
    errors: "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Revoke an API token What lives by it closes within a second. Revoking it again changes nothing. */
  "DELETE /api/v1/bots/{bot}/tokens/{token}": {
    path: {
      readonly bot: string;
      readonly token: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Exchange an API token for an access token For fifteen minutes, with the permissions of its scopes: for the socket's `hello` or `auth.refresh`, and as a bearer token here. Not while the bot's owner may make no bots. */
  "POST /api/v1/bots/token": {
    body: ExchangeToken;
    result: BotAccess;
    errors: "account_deleted" | "forbidden" | "internal" | "invalid" | "malformed" | "rate_limited" | "session_revoked" | "suspended" | "token_invalid" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Put my bot into a room One that I own or moderate; where the bot is a member, nothing changes. */
  "PUT /api/v1/bots/{bot}/rooms/{room}": {
    path: {
      readonly bot: string;
      readonly room: string;
    };
    result: undefined;
    errors: "banned" | "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "not_found" | "rate_limited" | "room_full" | "room_not_found" | "room_not_joinable" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Take my bot out of a room Whoever moderates the room may kick it, too. */
  "DELETE /api/v1/bots/{bot}/rooms/{room}": {
    path: {
      readonly bot: string;
      readonly room: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Make a webhook for a room For its owner and its moderators. The address is in this answer and nowhere else: whoever has it may speak in the room. Ten for each room. */
  "POST /api/v1/rooms/{room}/hooks": {
    path: {
      readonly room: string;
    };
    body: CreateHook;
    result: NewHook;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "not_a_member" | "not_a_moderator" | "rate_limited" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** List a room's webhooks For its owner and its moderators; who made each, and when it was last used. */
  "GET /api/v1/rooms/{room}/hooks": {
    path: {
      readonly room: string;
    };
    result: Hooks;
    errors: "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Revoke a webhook Its address is good for nothing from now on; what it said stays. */
  "DELETE /api/v1/rooms/{room}/hooks/{hook}": {
    path: {
      readonly room: string;
      readonly hook: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_a_member" | "not_a_moderator" | "not_found" | "room_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Say something through a webhook It is a message of the room, marked as a webhook's. Sixty in a minute. With the header `Idempotency-Key` the same post may be repeated for a day, and is said once. */
  "POST /hooks/{hook}/{secret}": {
    path: {
      readonly hook: string;
      readonly secret: string;
    };
    body: PostToHook;
    result: Posted;
    errors: "hook_revoked" | "hook_wrong" | "internal" | "invalid" | "key_reused" | "malformed" | "rate_limited" | "text_empty" | "text_too_long" | "too_large" | "unavailable" | "unsupported_media";
  };
  /** Find people, or list them By the beginning of a nickname, or exactly by e-mail address, phone or id; by role and by standing. Without any of the first four the newest come first. */
  "GET /api/v1/admin/people": {
    query?: {
      readonly id?: string | null;
      readonly email?: string | null;
      readonly phone?: string | null;
      readonly nickname?: string | null;
      readonly role?: "admin" | "mentee" | "mentor" | null;
      readonly standing?: "active" | "deleted" | "suspended" | null;
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: PeopleList;
    errors: "forbidden" | "internal" | "invalid" | "phone_invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** See a person With their addresses, how they stand, and how much there is of them. */
  "GET /api/v1/admin/people/{person}": {
    path: {
      readonly person: string;
    };
    result: PersonPage;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** How a person stands Their roles, and whether they are suspended, since when and why. */
  "GET /api/v1/admin/people/{person}/standing": {
    path: {
      readonly person: string;
    };
    result: Standing;
    errors: "forbidden" | "internal" | "invalid" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Give a person roles These and no others, but that everybody is a mentee; live sockets follow within a second. Of whoever is no mentor any more the classes that have not begun are called off within a minute, and everybody is refunded. */
  "PUT /api/v1/admin/people/{person}/roles": {
    path: {
      readonly person: string;
    };
    body: SetRoles;
    result: Standing;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "last_admin" | "malformed" | "not_oneself" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Suspend a person Their sessions end, their live sockets close, and they cannot log in. Who is suspended already stays so, for the first reason. A mentor's class that begins meanwhile is called off, and everybody is refunded. */
  "PUT /api/v1/admin/people/{person}/suspension": {
    path: {
      readonly person: string;
    };
    body: Suspend;
    result: Standing;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "last_admin" | "malformed" | "not_oneself" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Take a suspension back They may log in again; sessions that ended stay ended. */
  "DELETE /api/v1/admin/people/{person}/suspension": {
    path: {
      readonly person: string;
    };
    result: Standing;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Count what is new Sign-ups, mentors and posts by day, and how many people are online now. */
  "GET /api/v1/admin/counters": {
    query?: {
      readonly since?: string | null;
      readonly until?: string | null;
    };
    result: Counters;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List what admins did The newest is first; every line was written with the act itself, and is never changed. */
  "GET /api/v1/admin/audit": {
    query?: {
      readonly by?: string | null;
      readonly person?: string | null;
      readonly act?: "badge.granted" | "badge.put" | "badge.retired" | "badge.taken_back" | "board.answer_removed" | "board.comment_removed" | "board.question_removed" | "category.put" | "category.retired" | "class.called_off" | "class.listed" | "class.review_removed" | "class.unlisted" | "condition.put" | "condition.retired" | "mentor.authorized" | "mentor.rejected" | "notice.changed" | "notice.published" | "notice.withdrawn" | "people.deleted" | "people.reinstated" | "people.restored" | "people.roles" | "people.suspended" | "points.granted" | "post.cancelled" | "post.comment_removed" | "post.removed" | "report.resolved" | null;
      /** Milliseconds since 1970 UTC */
      readonly since?: number;
      readonly until?: number | null;
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: AuditLog;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Delete my own account Needs the password, or a fresh proof of my phone number or e-mail address. All my sessions end and my live sockets close; for thirty days an admin can restore it, and then everything of mine is erased for good. My classes that have not begun are called off within a minute, for good, and everybody is refunded. */
  "POST /api/v1/me/deletion": {
    body?: Ownership;
    result: undefined;
    errors: "contact_unproven" | "csrf" | "forbidden" | "internal" | "invalid" | "last_admin" | "malformed" | "overloaded" | "password_wrong" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Delete a person As if they had done it themselves; who is deleted already stays so, since the first time. */
  "PUT /api/v1/admin/people/{person}/deletion": {
    path: {
      readonly person: string;
    };
    body: Delete;
    result: PersonPage;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "last_admin" | "malformed" | "not_oneself" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Restore a person As they were, with their rooms and friends; sessions that ended stay ended, and classes that were called off stay so. Once erasure has begun there is nobody to restore. */
  "DELETE /api/v1/admin/people/{person}/deletion": {
    path: {
      readonly person: string;
    };
    result: PersonPage;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_oneself" | "person_not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Ask for a copy of what is mine A zip of JSON files with my account, rooms, messages, posts and all else, and of my files. It is made in the background, one at a time for each person, and kept for seven days. */
  "POST /api/v1/me/exports": {
    result: Export;
    errors: "csrf" | "export_under_way" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List my copies The newest ten, with what became of each. */
  "GET /api/v1/me/exports": {
    result: Exports;
    errors: "forbidden" | "internal" | "invalid" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** See one of my copies While it is ready, with a URL that gives it for two minutes. */
  "GET /api/v1/me/exports/{export}": {
    path: {
      readonly export: string;
    };
    result: Export;
    errors: "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** The version Of this server, and of the protocol its sockets speak. */
  "GET /api/v1/version": {
    result: Version;
    errors: "internal" | "invalid";
  };
  /** The time Milliseconds since 1970 UTC, as everywhere on the wire. */
  "GET /api/v1/time": {
    result: Time;
    errors: "internal" | "invalid";
  };
  /** How many people are here now A few seconds old at most; pages may show it to anybody. */
  "GET /api/v1/online": {
    result: Online;
    errors: "internal" | "invalid" | "unavailable";
  };
  /** The language you are answered in And the region and time zone that this server counts by. */
  "GET /api/v1/locale": {
    result: Locale;
    errors: "internal" | "invalid";
  };
  /** The closed sets Kinds and states by their words, every error code with its sentences, every close code, roles and what they permit, what files may be sent for, and limits. */
  "GET /api/v1/enums": {
    result: Enums;
    errors: "internal" | "invalid";
  };
  /** List the categories In Korean and English, in the order in which to show them. Answered from memory, which follows an edit within a second. */
  "GET /api/v1/categories": {
    result: CategoryList;
    errors: "internal" | "invalid";
  };
  /** Offer a category A new one, a known one under other names or in another place, or a retired one again. The list has 200 at most, and is answered as it is then. */
  "PUT /api/v1/admin/categories/{key}": {
    path: {
      /** For ever: it is what other things refer to */
      readonly key: string;
    };
    body: PutCategory;
    result: CategoryList;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Retire a category It is not offered any more, and stays where it was chosen. Retiring it again changes nothing. */
  "DELETE /api/v1/admin/categories/{key}": {
    path: {
      /** For ever: it is what other things refer to */
      readonly key: string;
    };
    result: CategoryList;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "not_found" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** List the notices In Korean and English; those that are pinned first, then the newest. */
  "GET /api/v1/notices": {
    query?: {
      readonly cursor?: string | null;
      readonly limit?: number;
    };
    result: Notices;
    errors: "internal" | "invalid" | "rate_limited" | "unavailable";
  };
  /** One notice */
  "GET /api/v1/notices/{notice}": {
    path: {
      readonly notice: string;
    };
    result: Notice;
    errors: "internal" | "invalid" | "not_found" | "rate_limited" | "unavailable";
  };
  /** Publish a notice Everybody who is connected hears its titles within seconds. Twenty may be pinned at once. */
  "POST /api/v1/admin/notices": {
    body: Publish;
    result: Notice;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "not_found" | "rate_limited" | "reference_reused" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Change a notice What it says, or whether it is pinned; everybody who is connected hears of it. */
  "PATCH /api/v1/admin/notices/{notice}": {
    path: {
      readonly notice: string;
    };
    body?: ChangeNotice;
    result: Notice;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "list_full" | "malformed" | "not_found" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "too_large" | "unauthenticated" | "unavailable" | "unsupported_media";
  };
  /** Withdraw a notice It is gone, and everybody who is connected hears of that. One that is gone stays gone. */
  "DELETE /api/v1/admin/notices/{notice}": {
    path: {
      readonly notice: string;
    };
    result: undefined;
    errors: "csrf" | "forbidden" | "internal" | "invalid" | "rate_limited" | "session_revoked" | "token_expired" | "token_invalid" | "unauthenticated" | "unavailable";
  };
  /** Alive Touches no store: a process whose stores are away should not be restarted for that. */
  "GET /healthz": {
    result: Health;
    errors: "internal" | "invalid";
  };
  /** Ready One round trip to each store under a short deadline, at most once a second; 503 when one is away, or when this process was asked to stop. */
  "GET /readyz": {
    result: Ready;
    errors: "internal" | "invalid" | "unavailable";
  };
  /** Metrics In Prometheus's text format, for this machine and private networks alone. */
  "GET /metrics": {
    result: string;
    errors: "internal" | "invalid" | "not_found";
  };
  /** Messages that would have gone to a phone or a mailbox The newest first. */
  "GET /api/v1/dev/outbox": {
    query?: {
      readonly phone?: string | null;
      readonly email?: string | null;
    };
    result: OutboxMessages;
    errors: "internal" | "invalid" | "phone_invalid" | "unavailable";
  };
}

/**
 * An account, as its owner sees it. Who never set a password logs in by who vouches for them, and shows by a proof that the
 * account is theirs.
 */
export interface Account {
  readonly id: string;
  readonly email: string;
  readonly nickname: string;
  readonly name: string;
  /** As people write it; +82 unless said */
  readonly phone: string;
  readonly gender: "female" | "male" | "other" | null;
  /** Categories, by their keys */
  readonly interests: readonly string[];
  readonly roles: readonly string[];
  readonly permissions: readonly string[];
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  /** Who may know whether I am here and when I was last seen: `everyone` who shares a room with me or is on my list of friends, those `friends` alone, or `nobody`. Never anybody across a block */
  readonly presence: "everyone" | "friends" | "nobody";
  /** By what others find me, when they know it exactly */
  readonly found_by: readonly ("email" | "nickname" | "phone")[];
  readonly timezone: string | null;
  readonly has_password: boolean;
}

/** One thing that an admin did. `object` is the id of what else it was done to; `request` stands in the log, too. */
export interface AdminDeed {
  readonly id: string;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
  readonly by: Somebody;
  readonly act: string;
  readonly person: Somebody | null;
  readonly object: string | null;
  readonly request: string | null;
  readonly detail: { readonly [name: string]: unknown };
}

/** What two who were matched have in common. */
export interface Agreed {
  readonly places: readonly string[];
  readonly ways: readonly string[];
  readonly kinds: readonly string[];
}

/** An answer. `best`: whether it was chosen. `folded`: I blocked who wrote it. */
export interface Answer {
  readonly id: string;
  readonly question: string;
  readonly author: Author;
  readonly text: string;
  readonly pictures: readonly string[];
  readonly best: boolean;
  readonly comments: number;
  readonly likes: number;
  readonly liked: boolean;
  readonly folded: boolean;
  /** Milliseconds since 1970 UTC */
  readonly answered_at: number;
  readonly edited_at: number | null;
}

/** An answer of somebody, and what was asked. */
export interface AnsweredQuestion {
  readonly title: string;
  readonly answer: Answer;
}

/** A page of answers, what is liked most is first. `next` is null on the last one. */
export interface Answers {
  readonly answers: readonly Answer[];
  readonly next: string | null;
}

/** A page of what somebody answered, the newest first. `next` is null on the last one. */
export interface AnswersOf {
  readonly answers: readonly AnsweredQuestion[];
  readonly next: string | null;
}

/** An API token, but for its secret, which nobody knows any more. */
export interface ApiToken {
  readonly id: string;
  readonly name: string;
  /** What it lets do */
  readonly scopes: readonly ("read" | "rooms" | "write")[];
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  readonly last_used_at: number | null;
}

/** The tokens of a bot that were not revoked, the oldest first. */
export interface ApiTokens {
  readonly tokens: readonly ApiToken[];
}

/** An application. `reason` is why it was rejected. */
export interface Application {
  readonly id: string;
  readonly person: Somebody;
  readonly company: string;
  readonly department: string;
  readonly introduction: string;
  readonly hours: readonly OnlineHours[];
  readonly categories: readonly string[];
  readonly certificates: readonly Certificate[];
  /** Milliseconds since 1970 UTC */
  readonly applied_at: number;
  readonly state: "authorized" | "pending" | "rejected";
  readonly reason: string;
  readonly decided_at: number | null;
}

/** A page of applications, the newest first. `next` is null on the last one. */
export interface Applications {
  readonly applications: readonly Application[];
  readonly next: string | null;
}

/** Why I should be a mentor. `certificates` are uploads of mine, of that purpose, and confirmed. */
export interface Apply {
  readonly company: string;
  readonly department?: string;
  readonly introduction: string;
  readonly hours?: readonly OnlineHours[];
  readonly categories: readonly string[];
  readonly certificates?: readonly string[];
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/**
 * Whom one looks for: company for a meal, at one of these places in one of these ways, or to study, at one of these places
 * and of one of these kinds. Sent again with the same `client_id`, it is the same application; with anything else in it, it
 * is refused.
 */
export interface ApplyAtRandom {
  readonly category: "meal" | "study";
  /** Where; any of them will do */
  readonly places: readonly string[];
  /** How to eat; for a meal, and one at least there */
  readonly ways?: readonly string[];
  /** What kind of study; one at least there */
  readonly kinds?: readonly string[];
  readonly client_id?: string | null;
}

/** A phone number to prove. */
export interface AskCode {
  /** As people write it; +82 unless said */
  readonly phone: string;
}

/** An e-mail address to prove. */
export interface AskEmailCode {
  readonly email: string;
}

/** A question. */
export interface AskQuestion {
  readonly title: string;
  readonly text: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  /** Confirmed uploads of mine for the purpose post_image */
  readonly pictures?: readonly string[];
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** A file to be sent. An attachment says which room it is for; nothing else has one. */
export interface AskUpload {
  readonly purpose: "attachment" | "avatar" | "badge" | "certificate" | "class_cover" | "post_image" | "room_image" | "wallpaper";
  readonly name: string;
  /** RFC 6838, in small letters and without parameters */
  readonly media_type: string;
  /** Bytes */
  readonly size: number;
  readonly room?: string | null;
  readonly method?: "POST" | "PUT";
}

/** A file: its upload id, its size in bytes, and of a picture its width and height in pixels. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly media_type: string;
  readonly size: number;
  readonly width?: number | null;
  readonly height?: number | null;
}

/** A page of what was done, the newest first. `next` is null on the last one. */
export interface Audit {
  readonly deeds: readonly Deed[];
  readonly next: string | null;
}

/** A page of what was done, the newest first. `next` is null on the last one. */
export interface AuditLog {
  readonly deeds: readonly AdminDeed[];
  readonly next: string | null;
}

/** Who wrote it, and whether that is a mentor. `avatar` is an upload. */
export interface Author {
  readonly id: string;
  readonly nickname: string;
  readonly mentor: boolean;
  readonly avatar: string | null;
}

/** A picture somebody showed, and when it was put on last. `id` is that of the upload. */
export interface Avatar {
  readonly id: string;
  /** Milliseconds since 1970 UTC */
  readonly since: number;
}

/** A page of pictures, the last one first. `next` is null on the last page. */
export interface Avatars {
  readonly avatars: readonly Avatar[];
  readonly next: string | null;
}

/** A badge of somebody's, and since when. `shown` is the one on their profile. */
export interface AwardedBadge {
  /** For ever: it is what awards refer to */
  readonly key: string;
  readonly ko: BadgeInKorean;
  readonly en: BadgeInEnglish;
  readonly picture: string;
  readonly rule: MinutesRule | StreakRule | FirstRule | GrantedRule;
  readonly retired: boolean;
  /** Milliseconds since 1970 UTC */
  readonly awarded_at: number;
  readonly shown: boolean;
}

/** Somebody's badges, the last one first. */
export interface AwardedBadges {
  readonly badges: readonly AwardedBadge[];
}

/** A badge. `picture` is the path of its picture, here. A `retired` one is not awarded any more. */
export interface Badge {
  /** For ever: it is what awards refer to */
  readonly key: string;
  readonly ko: BadgeInKorean;
  readonly en: BadgeInEnglish;
  readonly picture: string;
  readonly rule: MinutesRule | StreakRule | FirstRule | GrantedRule;
  readonly retired: boolean;
}

/** What it is called, and for what it is awarded, in English. */
export interface BadgeInEnglish {
  readonly name: string;
  readonly about: string;
}

/** What it is called, and for what it is awarded, in Korean. */
export interface BadgeInKorean {
  readonly name: string;
  readonly about: string;
}

/** Every badge, in the order in which to show them; the retired ones last. */
export interface BadgeList {
  readonly badges: readonly ListedBadge[];
}

/**
 * How far somebody is with it, in minutes or days, this week, say, or with the streak that goes on; or how far we are, in
 * people.
 */
export interface BadgeProgress {
  readonly done: number;
  readonly of: number;
}

/** Why, for moderators to read, and until when; for good when that is left out. */
export interface Ban {
  readonly reason?: string;
  readonly until?: number | null;
}

/** A page of bans, the newest first. `next` is null on the last one. */
export interface BanList {
  readonly bans: readonly Bans[];
  readonly next: string | null;
}

/** Somebody who is kept out. */
export interface Bans {
  readonly person: Somebody;
  readonly by: Somebody;
  readonly reason: string;
  /** Milliseconds since 1970 UTC */
  readonly banned_at: number;
  readonly until: number | null;
}

/** With `cookies` the secret that finishes it goes into an httpOnly cookie and not into the answer. */
export interface BeginSocial {
  readonly cookies?: boolean;
}

/** That I am the owner of the account that is linked. `cookies` as for a log-in. */
export interface BeginSocialLink {
  readonly password?: string | null;
  readonly owner_proof?: string | null;
  readonly cookies?: boolean;
}

/** A bot of mine. `id` is its id as a sender and a member. */
export interface Bot {
  readonly id: string;
  readonly nickname: string;
  readonly about: string;
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
}

/** An access token for the socket and for HTTP. Exchange again before it ends; the session stays the same. */
export interface BotAccess {
  readonly user: string;
  readonly nickname: string;
  readonly session: string;
  /** What it lets do */
  readonly scopes: readonly ("read" | "rooms" | "write")[];
  readonly access_token: string;
  /** Milliseconds since 1970 UTC */
  readonly access_expires_at: number;
}

/** My bots, the oldest first. */
export interface Bots {
  readonly bots: readonly Bot[];
}

/** A category, in both languages. A `retired` one is not offered any more, and is shown where it was chosen before. */
export interface Category {
  /** For ever: it is what other things refer to */
  readonly key: string;
  readonly ko: string;
  readonly en: string;
  /** The lesser comes first */
  readonly position: number;
  readonly retired: boolean;
}

/** Every category, in the order in which to show them; the retired ones last. */
export interface CategoryList {
  readonly categories: readonly Category[];
}

/** How long I was in rooms of one category. */
export interface CategoryRecord {
  /** A category; null: of rooms that are about nothing in particular */
  readonly category: string | null;
  readonly minutes: number;
}

/** A file that an application carries; it is read as every upload is. */
export interface Certificate {
  readonly id: string;
  readonly name: string;
}

/** What of my account shall be otherwise. What is left out stays. */
export interface ChangeAccount {
  readonly name?: string;
  readonly gender?: "female" | "male" | "other" | null;
  /** Who may know whether I am here and when I was last seen: `everyone` who shares a room with me or is on my list of friends, those `friends` alone, or `nobody`. Never anybody across a block */
  readonly presence?: "everyone" | "friends" | "nobody";
  /** By what others find me, when they know it exactly */
  readonly found_by?: readonly ("email" | "nickname" | "phone")[];
  readonly timezone?: string | null;
}

/** What is to change; what is left out stays. */
export interface ChangeAnswer {
  readonly text?: string;
  /** Confirmed uploads of mine for the purpose post_image */
  readonly pictures?: readonly string[];
}

/** What is to change of what others see of me; what is left out stays. The company is what was proven, and stays. */
export interface ChangeCard {
  readonly introduction?: string;
  readonly hours?: readonly OnlineHours[];
  readonly categories?: readonly string[];
}

/** What is to change; what is left out stays. Price and questions are fixed once the class is open. */
export interface ChangeClass {
  readonly title?: string;
  readonly description?: string;
  readonly curriculum?: readonly string[];
  readonly questions?: readonly string[];
  /** Points */
  readonly price?: number;
  readonly capacity?: number;
  /** Milliseconds since 1970 UTC, to come */
  readonly starts_at?: number;
  readonly cover?: string | null;
  readonly categories?: readonly string[];
}

/** What it shall say. */
export interface ChangeComment {
  readonly text: string;
}

/** Another contact for my account: the one that `proof` stands for. */
export interface ChangeContact {
  readonly password?: string | null;
  readonly owner_proof?: string | null;
  readonly proof: string;
}

/** What of a notice shall be otherwise. What is left out stays. */
export interface ChangeNotice {
  readonly ko?: Korean;
  readonly en?: English;
  readonly pinned?: boolean;
}

/** Another password for my account. `password` is the present one. */
export interface ChangePassword {
  readonly password?: string | null;
  readonly owner_proof?: string | null;
  readonly new: string;
}

/** What is to change; what is left out stays. */
export interface ChangePost {
  readonly title?: string;
  readonly text?: string;
  /** People, the author being one of them */
  readonly capacity?: number;
  /** Milliseconds since 1970 UTC, to come */
  readonly meets_at?: number;
  readonly places?: readonly string[];
  /** Of a meal */
  readonly ways?: readonly string[];
  /** Of a study */
  readonly kinds?: readonly string[];
}

/** What it shall say. */
export interface ChangePostComment {
  readonly text: string;
}

/**
 * What others shall see of me; what is left out stays. `avatar` and `wallpaper` are confirmed uploads of mine for that
 * purpose, or null for none; `badge` is one that I have been awarded, or null for none.
 */
export interface ChangeProfile {
  readonly nickname?: string;
  readonly status?: string;
  readonly avatar?: string | null;
  readonly wallpaper?: string | null;
  readonly badge?: string | null;
  /** Categories, by their keys */
  readonly interests?: readonly string[];
}

/** What is to change; what is left out stays. */
export interface ChangeQuestion {
  readonly title?: string;
  readonly text?: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  /** Confirmed uploads of mine for the purpose post_image */
  readonly pictures?: readonly string[];
}

/**
 * What is to change; what is left out stays. To make a room secret, give it a password. `image` is an upload of mine of
 * that purpose.
 */
export interface ChangeRoom {
  readonly title?: string;
  readonly description?: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  /** Seconds; 0 for off */
  readonly slow_mode?: number;
  readonly capacity?: number;
  readonly visibility?: "private" | "public" | "secret";
  readonly password?: string;
  readonly history?: "all" | "joined";
  readonly image?: string | null;
}

/** The answer that helped. */
export interface ChooseBest {
  readonly answer: string;
}

/** A class. `room` is for its mentor and who is registered; `my_review` is what I said of it. */
export interface Class {
  readonly id: string;
  readonly mentor: Somebody;
  readonly title: string;
  /** Points */
  readonly price: number;
  readonly capacity: number;
  readonly registered: number;
  readonly waiting: number;
  /** Milliseconds since 1970 UTC */
  readonly starts_at: number;
  readonly cover: string | null;
  readonly categories: readonly string[];
  readonly state: "closed" | "draft" | "open";
  readonly called_off: boolean;
  readonly unlisted: boolean;
  readonly opened_at: number | null;
  readonly reviews: number;
  readonly rating: number | null;
  readonly mine: "registered" | "waiting" | null;
  readonly description: string;
  readonly curriculum: readonly string[];
  readonly questions: readonly string[];
  readonly room: string | null;
  readonly my_review: WriteReview | null;
}

/** A class that one can still register for. */
export interface ClassHit {
  readonly kind: "class";
  readonly class: ListedClass;
}

/** A page of classes. `next` is null on the last one. */
export interface Classes {
  readonly classes: readonly ListedClass[];
  readonly next: string | null;
}

/** Why a socket is closed, and whether to come back. */
export interface CloseCode {
  readonly code: number;
  readonly name: string;
  readonly come_back: boolean;
  readonly en: string;
  readonly ko: string;
}

/** A code was sent. The same for every number, whether or not somebody here has it. */
export interface CodeSent {
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
  /** Milliseconds since 1970 UTC */
  readonly resend_at: number;
}

/**
 * A comment. The page goes down the tree: below a comment of some `depth` stand its replies, one deeper. Of a `removed`
 * one nothing is left but its place.
 */
export interface Comment {
  readonly id: string;
  readonly parent: string | null;
  readonly depth: number;
  readonly author: Author | null;
  readonly text: string;
  readonly removed: boolean;
  readonly likes: number;
  readonly liked: boolean;
  readonly folded: boolean;
  /** Milliseconds since 1970 UTC */
  readonly commented_at: number;
  readonly edited_at: number | null;
}

/** A page of comments, the oldest first, each followed by its replies. `next` is null on the last one. */
export interface Comments {
  readonly comments: readonly Comment[];
  readonly next: string | null;
}

/**
 * A place, a way or a kind, in both languages. A `retired` one is not offered any more, and is shown where it was chosen
 * before.
 */
export interface Condition {
  /** For ever: it is what other things refer to */
  readonly key: string;
  readonly ko: string;
  readonly en: string;
  /** The lesser comes first */
  readonly position: number;
  readonly retired: boolean;
}

/**
 * Every condition, in the order in which to show them, the retired ones last: where to meet, in which ways to eat, and
 * which kinds of study there are.
 */
export interface Conditions {
  readonly places: readonly Condition[];
  readonly ways: readonly Condition[];
  readonly kinds: readonly Condition[];
}

/** What was new, day by day. `online` is null while it cannot be known. */
export interface Counters {
  readonly time_zone: string;
  readonly days: readonly DayCount[];
  readonly online: OnlineNow | null;
}

/** A new bot. Its nickname is one among those of people. */
export interface CreateBot {
  readonly nickname: string;
  readonly about?: string;
}

/** A new webhook, and what it calls itself in the room. */
export interface CreateHook {
  readonly name: string;
}

/**
 * A new room. `secret` needs a password, and nothing else has one. `history`: what newcomers may read. A `call` is for
 * those who are asked in or have its code, and passes with its people: it is not in the list. `capacity`: 300 unless said,
 * and 4 for a call. `image` is an upload of mine of that purpose.
 */
export interface CreateRoom {
  readonly title: string;
  readonly kind?: "call" | "group";
  readonly description?: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  readonly capacity?: number | null;
  readonly visibility?: "private" | "public" | "secret";
  readonly password?: string | null;
  readonly history?: "all" | "joined";
  readonly image?: string | null;
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** A new API token. `read`: hear rooms and read them; `write`: say things in them; `rooms`: join and leave them. */
export interface CreateToken {
  readonly name: string;
  /** What it lets do */
  readonly scopes: readonly ("read" | "rooms" | "write")[];
}

/**
 * What was new on one day: people who signed up, mentors who were approved and still are, what was posted on the
 * board and is still there, posts that looked for company and were not cancelled, and matches, of posts and at random.
 */
export interface DayCount {
  /** RFC 3339 */
  readonly day: string;
  readonly users: number;
  readonly mentors: number;
  readonly questions: number;
  readonly answers: number;
  readonly posts: number;
  readonly matches: number;
}

/** One day. `minutes` counts every moment once, so it may be less than the categories add up to. */
export interface DayRecord {
  readonly date: string;
  readonly minutes: number;
  readonly categories: readonly CategoryRecord[];
}

/** Something that was done. `detail` depends on `act`: the role given, the reason of a ban, the fields changed. */
export interface Deed {
  readonly id: string;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
  readonly act: string;
  readonly by: Somebody;
  readonly person: Somebody | null;
  readonly detail: { readonly [name: string]: unknown };
}

/** Why somebody shall leave for good, for other admins to read. */
export interface Delete {
  readonly reason: string;
}

/** What a message says since an edit. */
export interface Edited {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
  readonly mentions?: readonly string[];
}

/** What it says in English. */
export interface English {
  readonly title: string;
  readonly text: string;
}

/** The closed sets of this version. */
export interface Enums {
  readonly genders: readonly string[];
  readonly presence: readonly string[];
  readonly found_by: readonly string[];
  readonly relations: readonly string[];
  readonly application_states: readonly string[];
  readonly message_kinds: readonly string[];
  readonly room_kinds: readonly string[];
  readonly room_visibilities: readonly string[];
  readonly room_histories: readonly string[];
  readonly room_roles: readonly string[];
  readonly notifications: readonly string[];
  readonly report_reasons: readonly string[];
  readonly match_categories: readonly string[];
  readonly condition_lists: readonly string[];
  readonly post_states: readonly string[];
  readonly random_states: readonly string[];
  readonly uploads: readonly UploadPurpose[];
  readonly roles: readonly RoleGrants[];
  readonly errors: readonly ErrorCode[];
  readonly close_codes: readonly CloseCode[];
  readonly limits: Limits;
}

/** A code that an error may carry, over HTTP and over the socket. */
export interface ErrorCode {
  readonly code: string;
  readonly status: number;
  readonly temporary: boolean;
  readonly en: string;
  readonly ko: string;
}

/** The secret of an API token. */
export interface ExchangeToken {
  readonly token: string;
}

/** A copy, and what became of it. Whoever has `url`, which is there while it is ready, can fetch it for two minutes. */
export interface Export {
  readonly id: string;
  readonly state: "expired" | "failed" | "queued" | "ready" | "working";
  /** Milliseconds since 1970 UTC */
  readonly asked_at: number;
  readonly finished_at: number | null;
  readonly expires_at: number | null;
  readonly size: number | null;
  readonly url?: string | null;
}

/** The newest ten, the newest first; without their URLs. */
export interface Exports {
  readonly exports: readonly Export[];
}

/** Somebody to show beside a room. `avatar` is the id of an upload. */
export interface Face {
  readonly id: string;
  readonly nickname: string;
  readonly bot: boolean;
  readonly avatar: string | null;
  /** Whether they are here, as far as I may know; null when that cannot be known now */
  readonly state: "away" | "offline" | "online" | null;
}

/** Whom to find: one of the three, whole. */
export interface FindPerson {
  readonly nickname?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
}

/** What the provider sent the browser back with. `holder` is left out by a browser, whose cookie carries it. */
export interface FinishSocial {
  readonly state: string;
  readonly code: string;
  readonly holder?: string | null;
  readonly device?: string | null;
  readonly cookies?: boolean;
}

/** To be among the first who signed up. */
export interface FirstRule {
  readonly kind: "first";
  readonly people: number;
}

/**
 * `history.search`: messages, the newest first, and what they have become.
 *
 * A message is as new as its present text. `next` is where to go on, even when nothing was found yet: one search does a
 * bounded amount of work. Without it everything was looked through.
 */
export interface Found {
  readonly events: readonly (Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void)[];
  readonly next?: number | null;
  readonly states?: readonly State[];
}

/** Who was found; null when there is nobody of whom that may be said. */
export interface FoundPerson {
  readonly person: Person | null;
}

/** Points for a person, who reads the note. `client_id` is my own for this grant: sent again, it grants nothing more. */
export interface Grant {
  readonly client_id: string;
  readonly person: string;
  readonly points: number;
  readonly note?: string;
}

/** Words for the one who gets it. They may be read by admins, too, and by nobody else. */
export interface GrantBadge {
  readonly note?: string;
}

/** To be given it by an admin. */
export interface GrantedRule {
  readonly kind: "granted";
}

/** The process answers. */
export interface Health {
  readonly status?: "ok";
}

/** What was found, the best first. */
export interface Hits {
  readonly hits: readonly (RoomHit | QuestionHit | MentorHit | ClassHit)[];
}

/** Somebody who has a badge. `by` is the admin who granted it, null where a rule did. */
export interface Holder {
  readonly person: Somebody;
  /** Milliseconds since 1970 UTC */
  readonly awarded_at: number;
  readonly by: Somebody | null;
  readonly note: string;
}

/** A page of those who have a badge, the last one first. `next` is null on the last page. */
export interface Holders {
  readonly holders: readonly Holder[];
  readonly next: string | null;
}

/** A webhook, but for its address. `id` is the sender of what it says. */
export interface Hook {
  readonly id: string;
  readonly name: string;
  readonly created_by: string;
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  readonly last_used_at: number | null;
}

/** The webhooks of a room that were not revoked, the oldest first. */
export interface Hooks {
  readonly hooks: readonly Hook[];
}

/** All who do, by name. */
export interface Identities {
  readonly identities: readonly Identity[];
}

/** Somebody who vouches for me. */
export interface Identity {
  readonly provider: "42" | "google" | "kakao" | "naver";
  /** Milliseconds since 1970 UTC */
  readonly linked_at: number;
}

/** Somebody asked me in. */
export interface Invitation {
  readonly id: string;
  readonly room: InvitedTo;
  readonly by: Somebody;
  /** Milliseconds since 1970 UTC */
  readonly invited_at: number;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/** A page of my invitations, the newest first. `next` is null on the last one. */
export interface Invitations {
  readonly invitations: readonly Invitation[];
  readonly next: string | null;
}

/** Whom to ask in. */
export interface Invite {
  readonly people: readonly string[];
}

/** The room that somebody is asked into. */
export interface InvitedTo {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly image: string | null;
  readonly member_count: number;
  readonly capacity: number;
  readonly visibility: "private" | "public" | "secret";
}

/** The code that a member passed on. */
export interface JoinByCode {
  /** Case does not matter */
  readonly code: string;
}

/** The password, where the room is secret. One too short to be any room's is a wrong one. */
export interface JoinRoom {
  readonly password?: string | null;
}

/** A set of public keys (RFC 7517 §5). */
export interface Jwks {
  readonly keys: readonly PublicJwk[];
}

/** What it says in Korean. */
export interface Korean {
  readonly title: string;
  readonly text: string;
}

/** What was said last, as it is by now. Nothing is left of what was deleted. `folded`: I blocked who said it. */
export interface LastMessage {
  readonly seq: number;
  readonly mseq: number;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
  readonly sender: string | "";
  readonly text: string;
  readonly kind?: "audio" | "file" | "image" | "system" | "text";
  readonly deleted?: boolean;
  readonly folded?: boolean;
}

/** How many like it, and whether I do. */
export interface Likes {
  readonly likes: number;
  readonly liked: boolean;
}

/** Bounds that a client should know before it meets them. */
export interface Limits {
  readonly body_bytes: number;
  readonly frame_bytes: number;
  readonly text_characters: number;
  readonly open_rooms: number;
  readonly page_events: number;
}

/**
 * A badge, as admins see it. `places_left` of one for those who come first, null of others. `arrears`: how many people, of
 * how many, have been looked at for whether they earned it before it was there; null once all have.
 */
export interface ListedBadge {
  /** For ever: it is what awards refer to */
  readonly key: string;
  readonly ko: BadgeInKorean;
  readonly en: BadgeInEnglish;
  readonly picture: string;
  readonly rule: MinutesRule | StreakRule | FirstRule | GrantedRule;
  readonly retired: boolean;
  readonly drawing: "book" | "broom" | "code" | "compass" | "drop" | "eye" | "flame" | "flask" | "gate" | "heart" | "house" | "lantern" | "medal" | "moon" | "mountain" | "note" | "palette" | "pencil" | "pot" | "seedling" | "speech" | "stall" | "steps" | "tree";
  readonly upload: string | null;
  /** The lesser comes first */
  readonly position: number;
  readonly places_left: number | null;
  readonly arrears: BadgeProgress | null;
}

/** A class as lists show it. `mine`: how I stand to it, if I registered; `rating` is null without reviews. */
export interface ListedClass {
  readonly id: string;
  readonly mentor: Somebody;
  readonly title: string;
  /** Points */
  readonly price: number;
  readonly capacity: number;
  readonly registered: number;
  readonly waiting: number;
  /** Milliseconds since 1970 UTC */
  readonly starts_at: number;
  readonly cover: string | null;
  readonly categories: readonly string[];
  readonly state: "closed" | "draft" | "open";
  readonly called_off: boolean;
  readonly unlisted: boolean;
  readonly opened_at: number | null;
  readonly reviews: number;
  readonly rating: number | null;
  readonly mine: "registered" | "waiting" | null;
}

/** Somebody, as admins see them in a list. */
export interface ListedPerson {
  readonly id: string;
  readonly nickname: string;
  readonly name: string;
  readonly email: string;
  /** As people write it; +82 unless said */
  readonly phone: string;
  readonly roles: readonly string[];
  readonly standing: "active" | "deleted" | "suspended";
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
}

/**
 * A post as lists show it. `people` is how many are in it; `mine`: how I am. From `meets_at` on one that
 * was open is over.
 */
export interface ListedPost {
  readonly id: string;
  readonly category: "meal" | "study";
  readonly title: string;
  readonly anonymous: boolean;
  readonly author: PostPerson;
  /** People, the author being one of them */
  readonly capacity: number;
  readonly people: number;
  readonly comments: number;
  readonly places: readonly string[];
  /** Of a meal */
  readonly ways: readonly string[];
  /** Of a study */
  readonly kinds: readonly string[];
  /** Milliseconds since 1970 UTC */
  readonly meets_at: number;
  readonly state: "cancelled" | "confirmed" | "open" | "over";
  /** Milliseconds since 1970 UTC */
  readonly posted_at: number;
  readonly edited_at: number | null;
  readonly mine: "author" | "joined" | null;
}

/** A question of a list, with the beginning of what it says. */
export interface ListedQuestion {
  readonly id: string;
  readonly author: Author;
  readonly title: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly best: string | null;
  readonly answers: number;
  readonly comments: number;
  readonly likes: number;
  readonly liked: boolean;
  readonly folded: boolean;
  /** Milliseconds since 1970 UTC */
  readonly asked_at: number;
  readonly edited_at: number | null;
  readonly excerpt: string;
}

/** A room of the public list. `joined`: whether I am in it. */
export interface ListedRoom {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly image: string | null;
  readonly capacity: number;
  readonly member_count: number;
  readonly visibility: "private" | "public" | "secret";
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  readonly joined: boolean;
}

/** How this server speaks and counts. `language` is what your Accept-Language gets. */
export interface Locale {
  readonly language: "en" | "ko";
  readonly languages: readonly ("en" | "ko")[];
  /** Of phone numbers without a country code */
  readonly region: string;
  /** Of week and month boundaries */
  readonly time_zone: string;
  readonly week_starts: "monday";
}

/** E-mail and password. With `cookies` the tokens travel in httpOnly cookies and not in the answer. */
export interface LogIn {
  readonly email: string;
  readonly password: string;
  readonly device?: string | null;
  readonly cookies?: boolean;
}

/** A new class, as a draft. `questions` are answered by whoever registers; `cover` is an upload of mine of that purpose. */
export interface MakeClass {
  readonly title: string;
  readonly description?: string;
  readonly curriculum?: readonly string[];
  readonly questions?: readonly string[];
  /** Points */
  readonly price: number;
  readonly capacity: number;
  /** Milliseconds since 1970 UTC, to come */
  readonly starts_at: number;
  readonly cover?: string | null;
  readonly categories: readonly string[];
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** How long a link lasts, and how many it lets in; as many as there are places when that is left out. */
export interface MakeLink {
  /** Seconds */
  readonly expires_in?: number;
  readonly max_uses?: number | null;
}

/** Why, and in what words. */
export interface MakeReport {
  readonly reason: "abuse" | "fraud" | "other" | "sexual" | "spam" | "violence";
  readonly words?: string;
}

/** The `mseq` of the last message that was read. */
export interface MarkRead {
  readonly mseq: number;
}

/** By which event, when and by whom a message was deleted or pinned. */
export interface Marked {
  readonly seq: number;
  readonly at: number;
  readonly by: string;
}

/** A match of mine. `room` is null when I left it. Its people review each other from `meets_at` to `review_until`. */
export interface Match {
  readonly id: string;
  readonly category: "meal" | "study";
  readonly origin: "post" | "random";
  readonly title: string;
  /** The title in English, where nobody wrote it */
  readonly title_en: string | null;
  readonly room: string | null;
  /** Milliseconds since 1970 UTC */
  readonly meets_at: number;
  /** Milliseconds since 1970 UTC */
  readonly made_at: number;
  /** Milliseconds since 1970 UTC */
  readonly review_until: number;
  readonly partners: readonly Partner[];
}

/** A page of matches, the newest first. `next` is null on the last one. */
export interface Matches {
  readonly matches: readonly Match[];
  readonly next: string | null;
}

/**
 * Somebody joined or left, or may do more or less than before. `name` is the nickname at that moment.
 *
 * `role` is the new one, with the change `role`; `until` (ms since 1970 UTC) when a mute ends, or a ban that does. `by`
 * is who did it when it was another.
 */
export interface Member {
  readonly type: "member";
  readonly user: string;
  readonly name: string;
  readonly change: "banned" | "joined" | "kicked" | "left" | "muted" | "role" | "unbanned" | "unmuted";
  readonly role?: "member" | "moderator" | "owner" | null;
  readonly until?: number | null;
  readonly by?: string | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** What a room keeps of one member. */
export interface Membership {
  readonly role: "member" | "moderator" | "owner";
  /** Milliseconds since 1970 UTC */
  readonly joined_at: number;
  readonly muted_until: number | null;
  readonly last_read: number;
  readonly notifications: "all" | "mentions" | "none";
}

/** A mentor. `answers`: how many were picked as the best; `rating` is null without reviews; `following`: whether I do. */
export interface Mentor {
  readonly id: string;
  readonly nickname: string;
  readonly avatar: string | null;
  readonly company: string;
  readonly department: string;
  readonly introduction: string;
  readonly hours: readonly OnlineHours[];
  readonly categories: readonly string[];
  /** Milliseconds since 1970 UTC */
  readonly since: number;
  readonly followers: number;
  readonly answers: number;
  readonly reviews: number;
  readonly rating: number | null;
  readonly following: boolean;
}

/** A mentor. */
export interface MentorHit {
  readonly kind: "mentor";
  readonly mentor: Mentor;
}

/** What somebody thinks of one of a mentor's classes. `class` is null where an admin unlisted it. */
export interface MentorReview {
  readonly person: Somebody;
  /** In halves */
  readonly stars: number;
  readonly text: string;
  /** Milliseconds since 1970 UTC */
  readonly reviewed_at: number;
  readonly edited_at: number | null;
  readonly class: ReviewedClass | null;
}

/**
 * How many reviews a mentor has, their average (null without any), and a page of them, the newest first. `next` is null
 * on the last one.
 */
export interface MentorReviews {
  readonly count: number;
  readonly rating: number | null;
  readonly reviews: readonly MentorReview[];
  readonly next: string | null;
}

/** A page of mentors. `next` is null on the last one. */
export interface Mentors {
  readonly mentors: readonly Mentor[];
  readonly next: string | null;
}

/**
 * Somebody said something. `mseq` counts messages alone, for unread counts.
 *
 * `origin` is there when no person said it: a bot, which is its `sender`, or a room's incoming webhook, whose id is the
 * `sender` and which calls itself `name`.
 *
 * The kind `system` is the room's own word, with no sender (''): `system` says what, and `text` says it for whoever does
 * not know the code. It counts as unread as any message does, mentions nobody, and no search finds it. Nobody can send it.
 *
 * What was deleted has an empty `text`, carries nothing and mentions nobody, wherever it is read from then on.
 */
export interface Message {
  readonly type: "message";
  readonly mseq: number;
  readonly sender: string;
  readonly client_id: string;
  readonly text: string;
  readonly reply_to?: number | null;
  readonly mentions?: readonly string[];
  readonly mention_all?: boolean;
  readonly kind?: "audio" | "file" | "image" | "system" | "text";
  readonly attachments?: readonly Attachment[];
  readonly origin?: "bot" | "hook" | null;
  readonly name?: string | null;
  readonly system?: SystemWord | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** The message `of` is gone; its place stays. */
export interface MessageDeleted {
  readonly type: "message.deleted";
  readonly of: number;
  readonly by: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** The message `of` says something else now. */
export interface MessageEdited {
  readonly type: "message.edited";
  readonly of: number;
  readonly text: string;
  readonly by: string;
  readonly mentions?: readonly string[];
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** To be in rooms for so many minutes within a day, week or month of one's own timezone. */
export interface MinutesRule {
  readonly kind: "minutes";
  readonly minutes: number;
  /** In rooms about this; null: in any room */
  readonly category?: string | null;
  readonly per?: "day" | "month" | "week";
}

/** Until when. */
export interface Mute {
  /** Milliseconds since 1970 UTC, to come */
  readonly until: number;
}

/**
 * A badge, and whether it is mine: since when, and with what words from the admin who granted it. `shown` is the one on
 * my profile. `progress` is null of those that are mine, and of those that come by no time in rooms.
 */
export interface MyBadge {
  /** For ever: it is what awards refer to */
  readonly key: string;
  readonly ko: BadgeInKorean;
  readonly en: BadgeInEnglish;
  readonly picture: string;
  readonly rule: MinutesRule | StreakRule | FirstRule | GrantedRule;
  readonly retired: boolean;
  readonly awarded_at: number | null;
  readonly note: string;
  readonly shown: boolean;
  readonly progress: BadgeProgress | null;
}

/** All badges that can be earned, and those that are mine, in the order in which to show them. */
export interface MyBadges {
  readonly badges: readonly MyBadge[];
}

/** A room of mine. `faces`: up to four others, those who have been there longest. */
export interface MyRoom {
  readonly id: string;
  readonly kind: "call" | "class" | "direct" | "group" | "match";
  readonly title: string;
  /** The title in English, where nobody wrote it */
  readonly title_en: string | null;
  readonly category: string | null;
  readonly image: string | null;
  readonly visibility: "private" | "public" | "secret";
  readonly capacity: number;
  readonly member_count: number;
  readonly membership: Membership;
  /** Messages after `membership.last_read` */
  readonly unread: number;
  /** How many of them mention me; counts to 100 */
  readonly mentions: number;
  readonly last_message: LastMessage | null;
  readonly faces: readonly Face[];
}

/** A page of my rooms: pages go by the rooms' age, the newest first; within one, what spoke last is first. */
export interface MyRooms {
  readonly rooms: readonly MyRoom[];
  readonly next: string | null;
}

/** A token and, this once, its secret. */
export interface NewApiToken {
  readonly token: ApiToken;
  readonly secret: string;
}

/** A webhook and, this once, its address. */
export interface NewHook {
  readonly hook: Hook;
  readonly url: string;
}

/** A notice. `edited_at` is null when it says what it said first. */
export interface Notice {
  readonly id: string;
  readonly ko: Korean;
  readonly en: English;
  readonly pinned: boolean;
  /** Milliseconds since 1970 UTC */
  readonly published_at: number;
  readonly edited_at: number | null;
}

/** A page of notices: those that are pinned, then the others, each the newest first. `next` is null on the last one. */
export interface Notices {
  readonly notices: readonly Notice[];
  readonly next: string | null;
}

/** How many people are here, over all rooms, and when it was counted. */
export interface Online {
  readonly count: number;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
}

/** When a mentor means to be here, each week: on this day, in the yard's timezone. */
export interface OnlineHours {
  /** 1 is Monday */
  readonly day: number;
  readonly begins: string;
  readonly ends: string;
}

/** How many people are here, and when that was counted. */
export interface OnlineNow {
  readonly count: number;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
}

/** Whom to talk to. */
export interface OpenDirect {
  readonly person: string;
}

/** Messages to one contact, the newest first. */
export interface OutboxMessages {
  readonly messages: readonly SentMessage[];
}

/**
 * That I am the account's owner: one of the two. `owner_proof` is a fresh proof of the phone number or e-mail address
 * that the account has now.
 */
export interface Ownership {
  readonly password?: string | null;
  readonly owner_proof?: string | null;
}

/**
 * A page of history: events in order of seq; `more` when there are others beyond, in the direction asked.
 *
 * Backward when no direction is said. Around a seq, `more` is about older ones and `newer` about newer ones. A thread begins
 * with its message, whichever replies follow. `states` holds what the messages among the events have become, of those
 * that something happened to; in them is all that happened up to the seq `as_of`, and perhaps something later. What was
 * heard after that seq, before the page came, is not to be undone by it. Over HTTP it is not told.
 */
export interface Page {
  readonly events: readonly (Message | MessageEdited | MessageDeleted | Reaction | Pin | Member | RoomChange | Timer | Void)[];
  readonly more: boolean;
  readonly newer?: boolean;
  readonly states?: readonly State[];
  readonly as_of?: number | null;
}

/** Somebody whom I was matched with, and the score I gave them, if I did. */
export interface Partner {
  readonly person: Somebody;
  readonly score: -200 | -10 | 0 | 10 | 20 | 42 | null;
}

/** Those who were asked for and exist, in the order of their ids. */
export interface People {
  readonly people: readonly Person[];
}

/** A page of people. `next` is null on the last one. */
export interface PeopleList {
  readonly people: readonly ListedPerson[];
  readonly next: string | null;
}

/** Somebody, in a list. `avatar` is the id of an upload. */
export interface Person {
  readonly id: string;
  readonly nickname: string;
  readonly bot: boolean;
  readonly avatar: string | null;
}

/** Somebody, and what there is of them. Whoever was deleted can be restored until `erased_from`. */
export interface PersonPage {
  readonly id: string;
  readonly nickname: string;
  readonly name: string;
  readonly email: string;
  /** As people write it; +82 unless said */
  readonly phone: string;
  readonly roles: readonly string[];
  readonly standing: "active" | "deleted" | "suspended";
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  readonly suspension: Suspension | null;
  readonly deleted_at: number | null;
  readonly erased_from: number | null;
  readonly last_seen_at: number | null;
  readonly sessions: number;
  readonly rooms: number;
  readonly bots: number;
  readonly files: number;
  readonly file_bytes: number;
  readonly reports_about: number;
  readonly reports_by: number;
}

/** The message `of` was pinned or unpinned. */
export interface Pin {
  readonly type: "pin";
  readonly of: number;
  readonly change: "pinned" | "unpinned";
  readonly by: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/**
 * Points that came, or went (then `points` is negative), and the balance after that. `subject` is what it was about:
 * of a reward the answer, of a purchase, refund or earning the class. `title` is that of the class, or of the `question`
 * that was answered.
 */
export interface PointEntry {
  readonly transfer: string;
  readonly kind: "earning" | "grant" | "purchase" | "refund" | "reward";
  readonly points: number;
  readonly balance: number;
  readonly subject: string | null;
  readonly title: string | null;
  readonly question: string | null;
  readonly note: string;
  /** Milliseconds since 1970 UTC */
  readonly at: number;
}

/** A post. `joined` is who is in it, who came first is first; `match` is for them. */
export interface Post {
  readonly id: string;
  readonly category: "meal" | "study";
  readonly title: string;
  readonly anonymous: boolean;
  readonly author: PostPerson;
  /** People, the author being one of them */
  readonly capacity: number;
  readonly people: number;
  readonly comments: number;
  readonly places: readonly string[];
  /** Of a meal */
  readonly ways: readonly string[];
  /** Of a study */
  readonly kinds: readonly string[];
  /** Milliseconds since 1970 UTC */
  readonly meets_at: number;
  readonly state: "cancelled" | "confirmed" | "open" | "over";
  /** Milliseconds since 1970 UTC */
  readonly posted_at: number;
  readonly edited_at: number | null;
  readonly mine: "author" | "joined" | null;
  readonly text: string;
  readonly joined: readonly PostPerson[];
  readonly match: PostMatch | null;
}

/** What somebody said below a post. `folded`: I blocked them, and the post is not anonymous. */
export interface PostComment {
  readonly id: string;
  readonly by: PostPerson;
  readonly text: string;
  /** Milliseconds since 1970 UTC */
  readonly commented_at: number;
  readonly edited_at: number | null;
  readonly folded: boolean;
}

/** A page of comments, the oldest first. `next` is null on the last one. */
export interface PostComments {
  readonly comments: readonly PostComment[];
  readonly next: string | null;
}

/** What became of a post, and the room of its people. */
export interface PostMatch {
  readonly id: string;
  readonly room: string;
}

/**
 * Somebody at a post. `mark` is 0 for its author and a number for everybody else, the same wherever they show up there;
 * `me`: it is I. `person` is null where the post is anonymous, but for those who are in its match together.
 */
export interface PostPerson {
  readonly mark: number;
  readonly me: boolean;
  readonly person: Somebody | null;
}

/**
 * Something to say; under another name than the webhook's own, if it likes.
 *
 * What programs say beside it, that were made for the webhooks of other products, is ignored.
 */
export interface PostToHook {
  /** At most 4000 characters */
  readonly text: string;
  readonly username?: string | null;
}

/** It is on its way into the room: `id` is the message's `client_id` there. `repeated`: it was said before. */
export interface Posted {
  readonly id: string;
  readonly repeated: boolean;
}

/** A page of posts. `next` is null on the last one. */
export interface Posts {
  readonly posts: readonly ListedPost[];
  readonly next: string | null;
}

/** Why a request was refused. Programs branch on `code`; `title` is for people. `temporary`: it may succeed later. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: string;
  readonly instance: string;
  readonly request_id: string;
  readonly temporary?: boolean;
  readonly detail?: string | null;
  readonly retry_after_ms?: number | null;
  readonly fields?: { readonly [name: string]: string } | null;
}

/**
 * Somebody, as the one who asks sees them. `avatar` and `wallpaper` are the ids of uploads, `badge` is the one of their
 * badges that they chose to show. `mentor` is the card of one who is listed as such. `activity` is what matches brought
 * them: what partners gave, and what they earned by reviewing. `relations`: which lists of mine they are on.
 */
export interface Profile {
  readonly id: string;
  readonly nickname: string;
  readonly bot: boolean;
  readonly avatar: string | null;
  /** A line of one's own; empty without one */
  readonly status: string;
  readonly wallpaper: string | null;
  /** Categories, by their keys */
  readonly interests: readonly string[];
  readonly badge: Badge | null;
  readonly mentor: Mentor | null;
  readonly activity: number;
  readonly relations: readonly ("blocked" | "favourite" | "friend" | "hidden")[];
}

/** The contact is proven. `proof` opens one sign-up (by phone) or one new password until `expires_at`. */
export interface Proven {
  readonly proof: string;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/** A public Ed25519 key as a JSON Web Key (RFC 8037 §2). */
export interface PublicJwk {
  readonly kid: string;
  readonly x: string;
  readonly kty?: string;
  readonly crv?: string;
  readonly use?: string;
  readonly alg?: string;
}

/** A notice, in both languages. */
export interface Publish {
  readonly ko: Korean;
  readonly en: English;
  readonly pinned?: boolean;
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/**
 * What a badge is called, how it looks and what it is awarded for. `upload`, a confirmed upload of mine for the purpose
 * `badge`, is shown instead of the drawing. Of a known badge the kind of rule stays, and its numbers may change: whoever has
 * it keeps it.
 */
export interface PutBadge {
  readonly ko: BadgeInKorean;
  readonly en: BadgeInEnglish;
  readonly drawing?: "book" | "broom" | "code" | "compass" | "drop" | "eye" | "flame" | "flask" | "gate" | "heart" | "house" | "lantern" | "medal" | "moon" | "mountain" | "note" | "palette" | "pencil" | "pot" | "seedling" | "speech" | "stall" | "steps" | "tree";
  readonly upload?: string | null;
  /** The lesser comes first */
  readonly position?: number;
  readonly rule: MinutesRule | StreakRule | FirstRule | GrantedRule;
}

/** How it is called, and where it stands in the list. */
export interface PutCategory {
  readonly ko: string;
  readonly en: string;
  /** The lesser comes first */
  readonly position?: number;
}

/** How it is called, and where it stands in its list. */
export interface PutCondition {
  readonly ko: string;
  readonly en: string;
  /** The lesser comes first */
  readonly position?: number;
}

/** A question. */
export interface Question {
  readonly id: string;
  readonly author: Author;
  readonly title: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly best: string | null;
  readonly answers: number;
  readonly comments: number;
  readonly likes: number;
  readonly liked: boolean;
  readonly folded: boolean;
  /** Milliseconds since 1970 UTC */
  readonly asked_at: number;
  readonly edited_at: number | null;
  readonly text: string;
  readonly pictures: readonly string[];
}

/** A question of the board. */
export interface QuestionHit {
  readonly kind: "question";
  readonly question: ListedQuestion;
}

/** A question with its answers: the best one, if it was chosen, and the first of the others. `next` leads to the rest. */
export interface QuestionPage {
  readonly question: Question;
  readonly best: Answer | null;
  readonly answers: readonly Answer[];
  readonly next: string | null;
}

/** A page of questions. `next` is null on the last one. */
export interface Questions {
  readonly questions: readonly ListedQuestion[];
  readonly next: string | null;
}

/**
 * Somebody looks for company, until `expires_at`. Once that is `matched` it says of which match, in which room, and what
 * the two have in common.
 */
export interface RandomApplication {
  readonly id: string;
  readonly category: "meal" | "study";
  readonly places: readonly string[];
  readonly ways: readonly string[];
  readonly kinds: readonly string[];
  /** Milliseconds since 1970 UTC */
  readonly applied_at: number;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
  readonly state: "cancelled" | "expired" | "matched" | "waiting";
  readonly match: string | null;
  readonly room: string | null;
  readonly agreed: Agreed | null;
}

/** My newest application of each category, whatever became of it. */
export interface RandomApplications {
  readonly applications: readonly RandomApplication[];
}

/** A person's emoji came onto the message `of`, or went. */
export interface Reaction {
  readonly type: "reaction";
  readonly of: number;
  readonly emoji: string;
  readonly change: "added" | "removed";
  readonly user: string;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** An emoji on a message: how many people, the first `MAX_REACTORS` of them, and whether the reader is one. */
export interface Reactions {
  readonly emoji: string;
  readonly count: number;
  readonly users: readonly string[];
  readonly mine?: boolean;
}

/** How far this member has read, on all devices. */
export interface ReadUpTo {
  readonly last_read: number;
}

/** A file, and URLs that give it to whoever has them until `expires_at`. */
export interface ReadableUpload {
  readonly id: string;
  readonly purpose: "attachment" | "avatar" | "badge" | "certificate" | "class_cover" | "post_image" | "room_image" | "wallpaper";
  readonly name: string;
  /** RFC 6838, in small letters and without parameters */
  readonly media_type: string;
  /** Bytes */
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly url: string;
  readonly thumbnail_url: string | null;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/** Every store answered, at most a second ago. */
export interface Ready {
  readonly stores: { readonly [name: string]: "away" | "ready" };
}

/** How long I was in rooms: over the whole period, for each category with the longest first, and for each day. */
export interface Record {
  /** Where my days begin, by its name in the IANA database; null: where the yard's do */
  readonly timezone: string;
  readonly first: string;
  readonly last: string;
  readonly minutes: number;
  readonly categories: readonly CategoryRecord[];
  readonly days: readonly DayRecord[];
}

/** A refresh token; left out by a browser, whose cookie carries it. */
export interface Refresh {
  readonly refresh_token?: string | null;
}

/** An answer to each question of the class, in their order. `wait`: on the waiting list, if the class is full. */
export interface Register {
  readonly answers?: readonly string[];
  readonly wait?: boolean;
}

/** Somebody who registered, with their answers. */
export interface Registrant {
  readonly person: Somebody;
  readonly state: "registered" | "waiting";
  readonly answers: readonly string[];
  /** Points */
  readonly paid: number;
  /** Milliseconds since 1970 UTC */
  readonly asked_at: number;
}

/** A page of registrations, who came first is first. `next` is null on the last one. */
export interface Registrants {
  readonly registrants: readonly Registrant[];
  readonly next: string | null;
}

/** How I stand to a class, and what I paid. `room` is where it meets, for who is registered. */
export interface Registration {
  readonly state: "registered" | "waiting";
  readonly answers: readonly string[];
  /** Points */
  readonly paid: number;
  /** Milliseconds since 1970 UTC */
  readonly asked_at: number;
  readonly room: string | null;
}

/** Why, for the applicant to read. */
export interface Reject {
  readonly reason: string;
}

/** Somebody on a list of mine, and since when. */
export interface Related {
  readonly id: string;
  readonly nickname: string;
  readonly bot: boolean;
  readonly avatar: string | null;
  /** A line of one's own; empty without one */
  readonly status: string;
  /** Milliseconds since 1970 UTC */
  readonly since: number;
  readonly favourite: boolean;
}

/** A page of a list of mine, who was added last is first. `next` is null on the last one. */
export interface Relations {
  readonly people: readonly Related[];
  readonly next: string | null;
}

/**
 * What somebody reported. `seq` is that of the message, `post` the id of the question, answer or comment, `match_post`
 * that of the post that looks for company, or below which it was said; `person` is who said it, whether or not others can
 * tell, and `evidence` what it said at that moment.
 */
export interface Report {
  readonly id: string;
  readonly kind: "answer" | "comment" | "match_comment" | "match_post" | "message" | "person" | "question" | "review" | "room";
  readonly room: ReportedRoom | null;
  readonly seq: number | null;
  readonly question: ReportedQuestion | null;
  readonly post: string | null;
  readonly match_post: string | null;
  readonly class: ReportedClass | null;
  readonly person: Somebody | null;
  readonly reason: "abuse" | "fraud" | "other" | "sexual" | "spam" | "violence";
  readonly words: string;
  readonly evidence: string;
  readonly reporter: Somebody;
  /** Milliseconds since 1970 UTC */
  readonly reported_at: number;
  readonly outcome: "dismissed" | "upheld" | null;
  readonly note: string;
  readonly resolved_by: Somebody | null;
  readonly resolved_at: number | null;
}

/** The class that the review is of. */
export interface ReportedClass {
  readonly id: string;
  readonly title: string;
}

/** The question, or where the answer or the comment stood. */
export interface ReportedQuestion {
  readonly id: string;
  readonly title: string;
}

/** The room, or where the message stood. */
export interface ReportedRoom {
  readonly id: string;
  readonly title: string;
}

/** A page of reports, the newest first. `next` is null on the last one. */
export interface Reports {
  readonly reports: readonly Report[];
  readonly next: string | null;
}

/** Another password for the account whose phone number or e-mail address `proof` stands for. */
export interface ResetPassword {
  readonly proof: string;
  readonly password: string;
}

/** What becomes of it, and why, for other admins to read. */
export interface Resolve {
  readonly outcome: "dismissed" | "upheld";
  readonly note?: string;
}

/** What somebody thinks of a class. `edited_at` is null when it stands as it was first written. */
export interface Review {
  readonly person: Somebody;
  /** In halves */
  readonly stars: number;
  readonly text: string;
  /** Milliseconds since 1970 UTC */
  readonly reviewed_at: number;
  readonly edited_at: number | null;
}

/** How it was with them. */
export interface ReviewPartner {
  /** What they get for it; -200 is for who did not come */
  readonly score: -200 | -10 | 0 | 10 | 20 | 42;
}

/** What a review is about. */
export interface ReviewedClass {
  readonly id: string;
  readonly title: string;
}

/** A page of reviews, the newest first. `next` is null on the last one. */
export interface Reviews {
  readonly reviews: readonly Review[];
  readonly next: string | null;
}

/** A role and what it permits. */
export interface RoleGrants {
  readonly role: string;
  readonly permissions: readonly string[];
}

/**
 * A room. `membership` and `join_code` are for members; a direct room's title is the other one's nickname. `image` is the
 * id of an upload.
 */
export interface Room {
  readonly id: string;
  readonly kind: "call" | "class" | "direct" | "group" | "match";
  readonly title: string;
  /** The title in English, where nobody wrote it */
  readonly title_en: string | null;
  readonly description: string;
  readonly category: string | null;
  readonly tags: readonly string[];
  readonly image: string | null;
  readonly capacity: number;
  readonly member_count: number;
  readonly visibility: "private" | "public" | "secret";
  readonly history: "all" | "joined";
  /** Seconds between two messages of one member */
  readonly slow_mode: number;
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  readonly join_code: string | null;
  readonly membership: Membership | null;
}

/**
 * The room itself changed: its fields that did, with their new values. `slow_mode` is in seconds, 0 for off;
 * `image` is the id of an upload.
 */
export interface RoomChange {
  readonly type: "room";
  readonly title?: string;
  readonly description?: string;
  readonly category?: string | null;
  readonly tags?: readonly string[];
  readonly capacity?: number;
  readonly visibility?: "private" | "public" | "secret";
  readonly history?: "all" | "joined";
  readonly slow_mode?: number;
  readonly image?: string | null;
  readonly by?: string | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** A room that anybody can walk into. */
export interface RoomHit {
  readonly kind: "room";
  readonly room: ListedRoom;
}

/** A link. Whoever has its code may come in, until then or until it is used up. */
export interface RoomLink {
  readonly id: string;
  readonly code: string;
  readonly by: Somebody;
  /** Milliseconds since 1970 UTC */
  readonly made_at: number;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
  readonly uses: number;
  readonly max_uses: number | null;
}

/** The links of a room that have not expired, the newest first. */
export interface RoomLinks {
  readonly links: readonly RoomLink[];
}

/**
 * A page of the list, the newest first. `next` is null on the last one. `total`: how many rooms there are; null when a
 * text was sought, for what has it is not counted.
 */
export interface RoomList {
  readonly rooms: readonly ListedRoom[];
  readonly next: string | null;
  readonly total: number | null;
}

/** A member, as the others see him. `avatar` is the id of an upload. */
export interface RoomMember {
  readonly id: string;
  readonly nickname: string;
  readonly bot: boolean;
  readonly avatar: string | null;
  readonly role: "member" | "moderator" | "owner";
  /** Milliseconds since 1970 UTC */
  readonly joined_at: number;
  readonly muted_until: number | null;
  /** Null where it is not told: in rooms of more than 200, and across a block */
  readonly last_read: number | null;
}

/** A page of members, who came first is first. `next` is null on the last one. */
export interface RoomMembers {
  readonly members: readonly RoomMember[];
  readonly next: string | null;
}

/** A message of the outbox. `at`: when it was sent, in milliseconds since 1970 UTC. */
export interface SentMessage {
  readonly text: string;
  readonly at: number;
}

/** One log-in on one device. `place` is the address it was last seen from. */
export interface Session {
  readonly id: string;
  readonly device: string;
  readonly place: string;
  /** Milliseconds since 1970 UTC */
  readonly created_at: number;
  /** Milliseconds since 1970 UTC */
  readonly last_seen_at: number;
  readonly current: boolean;
}

/** Live sessions, the most recently seen first. */
export interface Sessions {
  readonly sessions: readonly Session[];
}

/** Of what to be notified. */
export interface SetNotifications {
  readonly notifications: "all" | "mentions" | "none";
}

/** The role to have. To make somebody the owner makes me a moderator. */
export interface SetRole {
  readonly role: "member" | "moderator" | "owner";
}

/** The roles a person shall have. Everybody is a mentee, said or not. */
export interface SetRoles {
  readonly roles: readonly ("admin" | "mentee" | "mentor")[];
}

/**
 * A new account, for the phone number that `proof` stands for. `social` is the proof of an identity at a provider, to
 * log in with; without it there has to be a password.
 */
export interface SignUp {
  readonly proof: string;
  readonly email: string;
  readonly name: string;
  readonly nickname: string;
  readonly password?: string | null;
  readonly social?: string | null;
  readonly gender?: "female" | "male" | "other" | null;
  /** Categories, by their keys */
  readonly interests?: readonly string[];
}

/**
 * Send the file there until `expires_at`: by PUT with exactly these `headers`, or by POST as a form with exactly these
 * `fields` and after them the file as `file`. Then confirm it.
 */
export interface SignedUpload {
  readonly id: string;
  readonly method: "POST" | "PUT";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly fields: { readonly [name: string]: string };
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/** Where the browser goes. `holder` is the secret that finishes it; left out when it went into a cookie. */
export interface SocialAttempt {
  readonly url: string;
  readonly holder?: string | null;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/** Providers by their names. */
export interface SocialProviders {
  readonly providers: readonly ("42" | "google" | "kakao" | "naver")[];
}

/** One of the three. */
export interface SocialResult {
  readonly tokens: Tokens | null;
  readonly sign_up: SocialSignUp | null;
  readonly linked: boolean;
}

/** The first half of a sign-up: `proof` is its `social`. What the provider says of e-mail and nickname is a suggestion. */
export interface SocialSignUp {
  readonly proof: string;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
  readonly email: string | null;
  readonly nickname: string | null;
}

/** What a page says in `auth.refresh`, and in `hello` where its cookie does not reach the socket. Good nowhere else. */
export interface SocketToken {
  readonly token: string;
  /** Milliseconds since 1970 UTC */
  readonly expires_at: number;
}

/**
 * Somebody who did something, or to whom it was done. `bot`: whether it is one, which it is not where only people can.
 * `avatar` is the id of an upload; null for who has none, and in lists that are read for what was done, not by whom.
 */
export interface Somebody {
  readonly id: string;
  readonly nickname: string;
  readonly bot?: boolean;
  readonly avatar?: string | null;
}

/** What a person is here. */
export interface Standing {
  readonly user: string;
  readonly roles: readonly string[];
  readonly suspension?: Suspension | null;
}

/**
 * What the message `seq` has become. What was deleted is that and no more, but for its replies.
 *
 * `replies` counts to 1000 at most; `replied` is the seq of the last reply that it counts: those after it come on top.
 */
export interface State {
  readonly seq: number;
  readonly edited?: Edited | null;
  readonly deleted?: Marked | null;
  readonly pinned?: Marked | null;
  readonly reactions?: readonly Reactions[];
  readonly replies?: number;
  readonly replied?: number;
}

/** How many points there are, and a page of how that came, the newest first. `next` is null on the last one. */
export interface Statement {
  readonly balance: number;
  readonly entries: readonly PointEntry[];
  readonly next: string | null;
}

/** Where I was, the newest first. `next` is null on the last page. */
export interface StayLog {
  readonly stays: readonly StayRecord[];
  readonly next: string | null;
}

/**
 * I was in a room. `left_at` is null while I am; `title` is that of now, or the other one's nickname in a direct room, and
 * null once I am no member any more.
 */
export interface StayRecord {
  readonly room: string;
  readonly title: string | null;
  /** A category; null: of rooms that are about nothing in particular */
  readonly category: string | null;
  /** Milliseconds since 1970 UTC */
  readonly entered_at: number;
  readonly left_at: number | null;
}

/** To be in rooms on so many days in a row, for so many minutes on each, by the days of one's own timezone. */
export interface StreakRule {
  readonly kind: "streak";
  readonly days: number;
  /** On each of the days */
  readonly minutes: number;
  /** In rooms about this; null: in any room */
  readonly category?: string | null;
}

/** The title of something that what was typed leads to. */
export interface Suggestion {
  readonly kind: "class" | "mentor" | "question" | "room";
  readonly id: string;
  readonly title: string;
}

/** Ten at most, the best first. */
export interface Suggestions {
  readonly suggestions: readonly Suggestion[];
}

/** Why somebody may not use this server until the suspension is lifted. */
export interface Suspend {
  readonly reason: string;
}

/** Since when somebody is suspended, and why. `by` is left out when that account is gone. */
export interface Suspension {
  /** Milliseconds since 1970 UTC */
  readonly since: number;
  readonly reason: string;
  readonly by?: string | null;
}

/** What a room says by itself: a code, one of those in this document, and what it is about, to be said in one's language. */
export interface SystemWord {
  readonly code: string;
  readonly params?: { readonly [name: string]: string | number };
}

/** The server's clock. */
export interface Time {
  /** Milliseconds since 1970 UTC */
  readonly now: number;
}

/**
 * Something happened to the room's timer. Whoever applies these to it, in their order, has the timer of everybody:
 *
 * - `started` (with `duration_ms`): it runs, and ends at `at + duration_ms`, whatever was before;
 * - `paused`, while it runs and is not over: it stands still, with `ends_at - at` left;
 * - `resumed`, while it is paused: it runs, and ends at `at` and what was left;
 * - `reset`: there is none;
 * - `ended`, while it runs by the event `run`: it is over, and was at its `ends_at`, whether this came then or later.
 *
 * What stands where its condition is not met does nothing, which happens when two act at the same moment. A running
 * timer is over at its `ends_at` in any case; `ended` says so to all, once.
 */
export interface Timer {
  readonly type: "timer";
  readonly change: "ended" | "paused" | "reset" | "resumed" | "started";
  readonly by?: string | null;
  readonly duration_ms?: number | null;
  readonly run?: number | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** A session and what proves it. The tokens themselves are left out when they went into cookies. */
export interface Tokens {
  readonly user: string;
  readonly session: string;
  /** Milliseconds since 1970 UTC */
  readonly access_expires_at: number;
  /** Milliseconds since 1970 UTC */
  readonly refresh_expires_at: number;
  readonly access_token?: string | null;
  readonly refresh_token?: string | null;
}

/** The code that came. */
export interface TryCode {
  /** As people write it; +82 unless said */
  readonly phone: string;
  readonly code: string;
}

/** The code that came. */
export interface TryEmailCode {
  readonly email: string;
  readonly code: string;
}

/** Why, for other admins to read. */
export interface Unlist {
  readonly reason: string;
}

/** A confirmed file, as it really is. `width` and `height` of pictures, in pixels. */
export interface Upload {
  readonly id: string;
  readonly purpose: "attachment" | "avatar" | "badge" | "certificate" | "class_cover" | "post_image" | "room_image" | "wallpaper";
  readonly name: string;
  /** RFC 6838, in small letters and without parameters */
  readonly media_type: string;
  /** Bytes */
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
}

/** What files may be sent for: how large, and of which types; null for any. */
export interface UploadPurpose {
  readonly purpose: string;
  readonly bytes: number;
  readonly types: readonly string[] | null;
}

/** What runs here. `wire` is the version of the socket's protocol. */
export interface Version {
  readonly version: string;
  readonly wire: number;
  readonly name?: "madang";
}

/** Nothing: a seq that was taken by a second copy of a message. With `of`, forget the event of that seq, too. */
export interface Void {
  readonly type: "void";
  readonly of?: number | null;
  readonly seq: number;
  readonly at: number;
  readonly room: string;
}

/** An answer. */
export interface WriteAnswer {
  readonly text: string;
  /** Confirmed uploads of mine for the purpose post_image */
  readonly pictures?: readonly string[];
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** A comment; with `parent`, a reply to another one on the same post. */
export interface WriteComment {
  readonly text: string;
  readonly parent?: string | null;
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** A new post. `meets_at` is at most 90 days ahead. Whether it is `anonymous`, and its category, are fixed for good. */
export interface WritePost {
  readonly category: "meal" | "study";
  readonly title: string;
  readonly text?: string;
  readonly anonymous?: boolean;
  /** People, the author being one of them */
  readonly capacity: number;
  /** Milliseconds since 1970 UTC, to come */
  readonly meets_at: number;
  readonly places?: readonly string[];
  /** Of a meal */
  readonly ways?: readonly string[];
  /** Of a study */
  readonly kinds?: readonly string[];
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** What to say. */
export interface WritePostComment {
  readonly text: string;
  /** My own name for this, a new one for each: sent again under it within a week, it is made once */
  readonly client_id?: string | null;
}

/** What I think of a class I went to. */
export interface WriteReview {
  /** In halves */
  readonly stars: number;
  readonly text?: string;
}
