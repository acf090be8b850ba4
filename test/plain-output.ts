// Commands that tests run write plain text, also where a CI sets FORCE_COLOR.
delete process.env['FORCE_COLOR'];
delete process.env['NO_COLOR'];
