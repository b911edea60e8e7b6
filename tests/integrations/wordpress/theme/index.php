<?php
/** As little of a theme as WordPress takes: what it and plugins print, and the texts. */
?><!doctype html>
<html <?php language_attributes(); ?>><head><meta charset="<?php bloginfo( 'charset' ); ?>"><title>Shop</title><link rel="icon" href="data:,"><?php wp_head(); ?></head>
<body <?php body_class(); ?>><h1><?php bloginfo( 'name' ); ?></h1><?php wp_footer(); ?></body></html>
