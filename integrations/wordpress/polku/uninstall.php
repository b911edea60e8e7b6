<?php
/**
 * Nothing stays behind: the plugin keeps one option, on each site of a network.
 *
 * @package Polku
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $polku_site ) {
		delete_blog_option( $polku_site, 'polku' );
	}
} else {
	delete_option( 'polku' );
}
