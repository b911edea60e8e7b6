<?php
/** Called by site.test.mjs: puts WordPress into its database, with the plugin at work and three who may do different things. */

define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = $argv[2];
require $argv[1] . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';

wp_install( 'Kahvi "Kulma" & Co', 'boss', 'boss@shop.example', true, '', 'boss-secret' );
wp_insert_user( array( 'user_login' => 'reader', 'user_pass' => 'reader-secret', 'user_email' => 'reader@shop.example', 'role' => 'subscriber' ) );
update_option( 'siteurl', 'http://' . $argv[2] );
update_option( 'home', 'http://' . $argv[2] );
update_option( 'stylesheet', 'bare' );
update_option( 'template', 'bare' );
$GLOBALS['wp_rewrite']->set_permalink_structure( '/%postname%/' );
$GLOBALS['wp_rewrite']->flush_rules( false );
$wrong = activate_plugin( 'polku/polku.php' );
echo is_wp_error( $wrong ) ? $wrong->get_error_message() : 'installed';
