//! The tables as diesel sees them; `tests/suite/schema.rs` compares them with the database.

diesel::table! {
    account (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        role -> Text,
        password_hash -> Nullable<Text>,
        created_at -> Timestamptz,
        disabled_at -> Nullable<Timestamptz>,
        last_signed_in_at -> Nullable<Timestamptz>,
        requires_second_factor -> Bool,
        sees_personal_data -> Bool,
        totp_seed -> Nullable<Bytea>,
        totp_since -> Nullable<Timestamptz>,
        totp_step -> Int8,
        generation -> Int8,
    }
}

diesel::table! {
    audit_entry (id) {
        id -> Int8,
        at -> Timestamptz,
        account_id -> Nullable<Uuid>,
        actor -> Text,
        action -> Text,
        subject_kind -> Text,
        subject_id -> Text,
        subject_name -> Text,
        before -> Nullable<Jsonb>,
        after -> Nullable<Jsonb>,
        hash -> Bytea,
        address -> Text,
    }
}

diesel::table! {
    audit_head (id) {
        id -> Bool,
        last_id -> Int8,
        hash -> Bytea,
    }
}

diesel::table! {
    campaign (id) {
        id -> Int8,
        kind -> Text,
        channel -> Text,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        name -> Text,
        title -> Text,
        body -> Text,
        picture_id -> Nullable<Uuid>,
        terms -> Text,
        sms_sender -> Text,
        sms_text -> Text,
        email_subject -> Text,
        email_body -> Text,
        offer -> Nullable<Text>,
        amount -> Nullable<Int8>,
        percent -> Nullable<Int4>,
        buy_quantity -> Nullable<Int4>,
        get_quantity -> Nullable<Int4>,
        products -> Array<Text>,
        minimum_basket -> Nullable<Int8>,
        pos_promotion_id -> Text,
        barcode -> Text,
        code_source -> Nullable<Text>,
        shared_code -> Nullable<Text>,
        validations_in_all -> Nullable<Int4>,
        code_count -> Nullable<Int4>,
        validations_per_member -> Int4,
        code_prefix -> Text,
        code_length -> Int4,
        allow_in_app_validation -> Bool,
        tender_id -> Text,
        rebate_handling -> Text,
        merchant_remuneration -> Nullable<Int8>,
        handling_fee -> Nullable<Int8>,
        everyone -> Nullable<Bool>,
        also_later -> Bool,
        starts_at -> Nullable<Timestamptz>,
        ends_at -> Nullable<Timestamptz>,
        validity_days -> Nullable<Int4>,
        weekdays -> Int2,
        valid_from -> Nullable<Time>,
        valid_until -> Nullable<Time>,
        quiet_from -> Nullable<Time>,
        quiet_until -> Nullable<Time>,
        reminder_days -> Nullable<Int2>,
        published_at -> Nullable<Timestamptz>,
        paused_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        issuing_since -> Nullable<Timestamptz>,
        issued_up_to -> Int8,
        issued_at -> Nullable<Timestamptz>,
        if_late -> Text,
        notify_push -> Bool,
        code_pattern -> Text,
        code_check -> Bool,
        low_stock -> Nullable<Int4>,
        shops -> Array<Text>,
    }
}

diesel::table! {
    campaign_group (campaign_id, group_id) {
        campaign_id -> Int8,
        group_id -> Int8,
        included -> Bool,
        place -> Nullable<Int2>,
    }
}

diesel::table! {
    code (text) {
        text -> Text,
        campaign_id -> Int8,
        uses_allowed -> Nullable<Int4>,
        uses_taken -> Int4,
        member_id -> Nullable<Int8>,
        batch_id -> Nullable<Int8>,
    }
}

diesel::table! {
    code_attempt (member_id, id) {
        id -> Int8,
        member_id -> Int8,
        at -> Timestamptz,
        text -> Text,
        campaign_id -> Nullable<Int8>,
        outcome -> Text,
        address -> Text,
    }
}

diesel::table! {
    code_batch (id) {
        id -> Int8,
        campaign_id -> Int8,
        requested -> Int4,
        made -> Int4,
        created_at -> Timestamptz,
        finished_at -> Nullable<Timestamptz>,
        name -> Text,
        source -> Text,
        cancelled_at -> Nullable<Timestamptz>,
        created_by -> Nullable<Uuid>,
        removing_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    delivery (member_id, campaign_id) {
        member_id -> Int8,
        campaign_id -> Int8,
        issued_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        code -> Nullable<Text>,
        token -> Nullable<Uuid>,
        sent_at -> Nullable<Timestamptz>,
        seen_at -> Nullable<Timestamptz>,
        validated_at -> Nullable<Timestamptz>,
        withdrawn_at -> Nullable<Timestamptz>,
        failed_at -> Nullable<Timestamptz>,
        reason -> Nullable<Text>,
        through -> Int8,
        queued_at -> Nullable<Timestamptz>,
        accepted_at -> Nullable<Timestamptz>,
        bounced_at -> Nullable<Timestamptz>,
        uncertain_at -> Nullable<Timestamptz>,
        skipped_at -> Nullable<Timestamptz>,
        expired_at -> Nullable<Timestamptz>,
        state -> Text,
    }
}

diesel::table! {
    member (id) {
        id -> Int8,
        number -> Nullable<Int8>,
        name -> Text,
        phone -> Nullable<Text>,
        email -> Nullable<Text>,
        sms_consent -> Bool,
        email_consent -> Bool,
        push_consent -> Bool,
        blocked_at -> Nullable<Timestamptz>,
        blocked_reason -> Nullable<Text>,
        created_at -> Timestamptz,
        last_seen_at -> Nullable<Timestamptz>,
        time_zone -> Nullable<Text>,
        external_id -> Nullable<Text>,
        date_language -> Nullable<Text>,
    }
}

diesel::table! {
    member_consent (member_id, channel, at) {
        member_id -> Int8,
        channel -> Text,
        at -> Timestamptz,
        granted -> Bool,
        source -> Text,
        account_id -> Nullable<Uuid>,
        campaign_id -> Nullable<Int8>,
    }
}

diesel::table! {
    member_group (id) {
        id -> Int8,
        name -> Text,
        description -> Text,
        starts_at -> Timestamptz,
        stops_at -> Nullable<Timestamptz>,
        viewable -> Bool,
        join_type -> Nullable<Text>,
        campaign_id -> Nullable<Int8>,
        display_order -> Int4,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    membership (member_id, id) {
        member_id -> Int8,
        id -> Int8,
        group_id -> Int8,
        joined_at -> Timestamptz,
        left_at -> Nullable<Timestamptz>,
        source -> Text,
        source_detail -> Jsonb,
        left_source -> Nullable<Text>,
        left_detail -> Nullable<Jsonb>,
    }
}

diesel::table! {
    message (id) {
        id -> Int8,
        member_id -> Nullable<Int8>,
        campaign_id -> Nullable<Int8>,
        channel -> Text,
        recipient -> Text,
        subject -> Text,
        body -> Text,
        created_at -> Timestamptz,
        state -> Text,
        purpose -> Text,
        text_id -> Nullable<Int8>,
        attempts -> Int2,
        next_attempt_at -> Timestamptz,
        worker -> Nullable<Uuid>,
        leased_until -> Nullable<Timestamptz>,
        moved_at -> Nullable<Timestamptz>,
        provider_id -> Nullable<Text>,
        error -> Nullable<Text>,
        link_hash -> Nullable<Bytea>,
    }
}

diesel::table! {
    picture (id) {
        id -> Uuid,
        mime -> Text,
        width -> Int4,
        height -> Int4,
        bytes -> Bytea,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    session (key_hash) {
        key_hash -> Bytea,
        account_id -> Nullable<Uuid>,
        member_id -> Nullable<Int8>,
        state -> Jsonb,
        created_at -> Timestamptz,
        expires_at -> Timestamptz,
        id -> Uuid,
        address -> Text,
        user_agent -> Text,
        last_seen_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    setting (id) {
        id -> Bool,
        organisation_name -> Text,
        time_zone -> Text,
        colour -> Text,
        date_language -> Text,
        currency -> Text,
        phone_region -> Text,
        public_url -> Text,
        late_after_minutes -> Int4,
        audience_change_percent -> Int4,
        message_salt -> Uuid,
        requires_second_factor -> Bool,
        reversal_minutes -> Int4,
    }
}

diesel::table! {
    sign_in_code (member_id) {
        member_id -> Int8,
        code_hash -> Bytea,
        expires_at -> Timestamptz,
        tries_left -> Int2,
    }
}

diesel::table! {
    throttle (key) {
        key -> Text,
        window_ends_at -> Timestamptz,
        count -> Int4,
    }
}

diesel::table! {
    validation (id) {
        id -> Int8,
        campaign_id -> Int8,
        code -> Text,
        member_id -> Nullable<Int8>,
        at -> Timestamptz,
        via -> Text,
        reversed_at -> Nullable<Timestamptz>,
        api_key_id -> Nullable<Int8>,
        till -> Text,
        reservation_id -> Nullable<Uuid>,
    }
}

diesel::table! {
    campaign_sending (campaign_id) {
        campaign_id -> Int8,
        due_at -> Timestamptz,
        confirmed_receivers -> Nullable<Int8>,
        held_at -> Nullable<Timestamptz>,
        held_why -> Nullable<Text>,
        held_receivers -> Nullable<Int8>,
        released_at -> Nullable<Timestamptz>,
        reminded_up_to -> Int8,
        reminded_until -> Nullable<Timestamptz>,
        dropped_at -> Nullable<Timestamptz>,
        expired_until -> Nullable<Timestamptz>,
        closed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    channel (key) {
        key -> Text,
        is_on -> Bool,
        settings -> Jsonb,
        secret -> Nullable<Bytea>,
        rate -> Nullable<Int4>,
        connections -> Int2,
        free_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
        refused_since -> Nullable<Timestamptz>,
        refusal -> Nullable<Text>,
        changed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    dry_run (id) {
        id -> Int8,
        campaign_id -> Int8,
        started_at -> Timestamptz,
        up_to -> Int8,
        receivers -> Int8,
        report -> Jsonb,
        finished_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    message_text (id) {
        id -> Int8,
        campaign_id -> Int8,
        subject -> Text,
        body -> Text,
    }
}

diesel::table! {
    push_subscription (id) {
        id -> Int8,
        member_id -> Int8,
        endpoint -> Text,
        p256dh -> Bytea,
        auth -> Bytea,
        device -> Text,
        created_at -> Timestamptz,
        accepted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    low_stock_notice (campaign_id) {
        campaign_id -> Int8,
        told_at -> Timestamptz,
        free -> Int8,
    }
}

diesel::table! {
    code_import (id) {
        id -> Int8,
        campaign_id -> Int8,
        account_id -> Nullable<Uuid>,
        file_name -> Text,
        created_at -> Timestamptz,
        checked_at -> Nullable<Timestamptz>,
        rows -> Int8,
        fresh -> Int8,
        duplicate -> Int8,
        refused -> Int8,
        applied_at -> Nullable<Timestamptz>,
        batch_id -> Nullable<Int8>,
        cancelled_at -> Nullable<Timestamptz>,
        uploaded_at -> Nullable<Timestamptz>,
        size -> Int8,
        delimiter -> Text,
        has_head -> Bool,
        code_column -> Int4,
        asked_at -> Nullable<Timestamptz>,
        read_up_to -> Int8,
        known -> Int8,
        shortest -> Nullable<Int4>,
        has_digits -> Bool,
        has_letters -> Bool,
        same_start -> Nullable<Text>,
        taken -> Int8,
        late -> Int8,
        failure -> Nullable<Text>,
    }
}

diesel::table! {
    code_import_row (import_id, line) {
        import_id -> Int8,
        line -> Int8,
        text -> Text,
        refused -> Nullable<Text>,
    }
}

diesel::table! {
    api_key (id) {
        id -> Int8,
        name -> Text,
        scope -> Text,
        shop -> Text,
        key_hash -> Bytea,
        hint -> Text,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        last_used_at -> Nullable<Timestamptz>,
        last_used_from -> Text,
        revoked_at -> Nullable<Timestamptz>,
        old_key_hash -> Nullable<Bytea>,
        old_hint -> Nullable<Text>,
        old_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    idempotency (caller, key) {
        caller -> Text,
        key -> Text,
        request_hash -> Bytea,
        status -> Int2,
        body -> Text,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    reservation (id, code) {
        id -> Uuid,
        campaign_id -> Int8,
        code -> Text,
        member_id -> Nullable<Int8>,
        api_key_id -> Int8,
        till -> Text,
        reserved_at -> Timestamptz,
        ends_at -> Timestamptz,
        validated_at -> Nullable<Timestamptz>,
        cancelled_at -> Nullable<Timestamptz>,
        expired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    till_attempt (id) {
        id -> Int8,
        at -> Timestamptz,
        api_key_id -> Int8,
        till -> Text,
        act -> Text,
        text -> Text,
        campaign_id -> Nullable<Int8>,
        member_id -> Nullable<Int8>,
        outcome -> Text,
    }
}

diesel::table! {
    member_card (member_id) {
        member_id -> Int8,
        code -> Text,
        made_at -> Timestamptz,
    }
}

diesel::table! {
    app_token (id) {
        id -> Int8,
        member_id -> Int8,
        access_hash -> Bytea,
        access_until -> Timestamptz,
        refresh_hash -> Bytea,
        refresh_until -> Timestamptz,
        spent_hash -> Nullable<Bytea>,
        device -> Text,
        created_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
        family_hash -> Bytea,
        refreshed_at -> Timestamptz,
    }
}

diesel::table! {
    webhook (id) {
        id -> Int8,
        url -> Text,
        description -> Text,
        secret -> Bytea,
        kinds -> Array<Text>,
        created_at -> Timestamptz,
        created_by -> Nullable<Uuid>,
        disabled_at -> Nullable<Timestamptz>,
        failing_since -> Nullable<Timestamptz>,
        old_secret -> Nullable<Bytea>,
        old_until -> Nullable<Timestamptz>,
        disabled_why -> Nullable<Text>,
        disabled_after -> Nullable<Int8>,
        failures -> Int4,
        rest_until -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    webhook_event (id) {
        id -> Int8,
        key -> Uuid,
        kind -> Text,
        at -> Timestamptz,
        payload -> Jsonb,
        recorded_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_delivery (webhook_id, event_id) {
        webhook_id -> Int8,
        event_id -> Int8,
        state -> Text,
        attempts -> Int2,
        next_attempt_at -> Timestamptz,
        leased_until -> Nullable<Timestamptz>,
        attempted_at -> Nullable<Timestamptz>,
        status -> Nullable<Int2>,
        error -> Nullable<Text>,
    }
}

diesel::table! {
    worker_beat (id) {
        id -> Bool,
        at -> Timestamptz,
    }
}

diesel::table! {
    test_send (token) {
        token -> Text,
        campaign_id -> Int8,
        message_id -> Int8,
        account_id -> Nullable<Uuid>,
        created_at -> Timestamptz,
        ends_at -> Timestamptz,
    }
}

diesel::table! {
    sending_sample (campaign_id, at) {
        campaign_id -> Int8,
        at -> Timestamptz,
        done -> Int8,
    }
}

diesel::table! {
    invitation (id) {
        id -> Uuid,
        email -> Text,
        name -> Text,
        role -> Text,
        token_hash -> Bytea,
        invited_by -> Text,
        sent_at -> Timestamptz,
        expires_at -> Timestamptz,
        sees_personal_data -> Bool,
    }
}

diesel::table! {
    password_reset (token_hash) {
        token_hash -> Bytea,
        account_id -> Uuid,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    pending_sign_in (key_hash) {
        key_hash -> Bytea,
        account_id -> Uuid,
        expires_at -> Timestamptz,
        first -> Text,
    }
}

diesel::table! {
    recovery_code (account_id, code_hash) {
        account_id -> Uuid,
        code_hash -> Bytea,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    known_browser (account_id, browser_hash) {
        account_id -> Uuid,
        browser_hash -> Bytea,
        signed_in_at -> Timestamptz,
    }
}

diesel::table! {
    passkey (id) {
        id -> Uuid,
        account_id -> Uuid,
        name -> Text,
        credential_id -> Bytea,
        public_key -> Bytea,
        sign_count -> Int8,
        created_at -> Timestamptz,
        last_used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    passkey_challenge (hash) {
        hash -> Bytea,
        account_id -> Nullable<Uuid>,
        expires_at -> Timestamptz,
    }
}

diesel::table! {
    webhook_inbox (id) {
        id -> Int8,
        key -> Uuid,
        kind -> Text,
        at -> Timestamptz,
        payload -> Jsonb,
    }
}

diesel::table! {
    coverage_told (group_id) {
        group_id -> Int8,
        gaps -> Jsonb,
    }
}

diesel::table! {
    code_import_piece (import_id, start_at) {
        import_id -> Int8,
        start_at -> Int8,
        bytes -> Bytea,
    }
}

diesel::table! {
    failed_sign_in (minute, subject, why, address) {
        minute -> Timestamptz,
        subject -> Text,
        why -> Text,
        address -> Text,
        tries -> Int4,
    }
}

diesel::table! {
    openid_identity (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        account_id -> Uuid,
        linked_at -> Timestamptz,
    }
}

diesel::table! {
    openid_attempt (key_hash) {
        key_hash -> Bytea,
        account_id -> Nullable<Uuid>,
        next -> Text,
        expires_at -> Timestamptz,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    account,
    api_key,
    app_token,
    audit_entry,
    audit_head,
    campaign,
    campaign_group,
    campaign_sending,
    channel,
    code,
    code_attempt,
    code_batch,
    code_import,
    code_import_piece,
    code_import_row,
    coverage_told,
    delivery,
    dry_run,
    failed_sign_in,
    idempotency,
    invitation,
    known_browser,
    low_stock_notice,
    member,
    member_card,
    member_consent,
    member_group,
    membership,
    message,
    message_text,
    openid_attempt,
    openid_identity,
    passkey,
    passkey_challenge,
    password_reset,
    pending_sign_in,
    picture,
    push_subscription,
    recovery_code,
    reservation,
    sending_sample,
    session,
    setting,
    sign_in_code,
    test_send,
    throttle,
    till_attempt,
    validation,
    webhook,
    webhook_delivery,
    webhook_event
);
