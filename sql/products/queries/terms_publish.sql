-- products.terms_publish: a new text of the terms and conditions. $1 product_id uuid, $2 text
select products.publish_terms($1::uuid, $2::text, null, left(current_setting('app.current_user_label', true), 255), null)
