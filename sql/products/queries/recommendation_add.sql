-- products.recommendation_add: $1 jsonb, as products.recommend describes it
select products.recommend($1::jsonb, left(current_setting('app.current_user_label', true), 255))
