// What `polku:near` is where prompts are files of their own: nothing, they are fetched by their names.
export let prompter, open;
