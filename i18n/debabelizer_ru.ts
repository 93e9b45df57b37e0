<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ru" sourcelanguage="en">
<context>
    <name>Engine</name>
    <message>
        <source>0: as many as suit this computer, at most 4.</source>
        <translation>0: столько, сколько подходит этому компьютеру, но не больше 4.</translation>
    </message>
    <message>
        <source>16 kHz is best; the others save bandwidth on a thin line.</source>
        <translation>Лучше всего 16 кГц; остальные варианты берегут слабый канал.</translation>
    </message>
    <message>
        <source>16 kHz, 43 kB/s</source>
        <translation>16 кГц, 43 кБ/с</translation>
    </message>
    <message>
        <source>8 kHz µ-law, 11 kB/s</source>
        <translation>8 кГц, µ-law, 11 кБ/с</translation>
    </message>
    <message>
        <source>8 kHz, 22 kB/s</source>
        <translation>8 кГц, 22 кБ/с</translation>
    </message>
    <message>
        <source>A Whisper model in CTranslate2 form (model.bin, tokenizer.json). It is used instead of the one above.</source>
        <translation>Модель Whisper в формате CTranslate2 (model.bin, tokenizer.json). Используется вместо выбранной выше.</translation>
    </message>
    <message>
        <source>A file of yours</source>
        <translation>Ваш файл</translation>
    </message>
    <message>
        <source>A key press shorter than this was not meant: nothing is inserted.</source>
        <translation>Более короткое нажатие считается случайным: ничего не вставляется.</translation>
    </message>
    <message>
        <source>A line along the edge of the screen.</source>
        <translation>Полоса вдоль края экрана.</translation>
    </message>
    <message>
        <source>A long press talks while held; a short tap starts, the next stops.</source>
        <translation>Долгое нажатие — запись, пока клавиша удерживается; короткое начинает, следующее заканчивает.</translation>
    </message>
    <message>
        <source>A message of {0} was not understood: {1}</source>
        <translation>Сообщение от {0} не удалось понять: {1}</translation>
    </message>
    <message>
        <source>A quick large one for English.</source>
        <translation>Быстрая большая модель для английского.</translation>
    </message>
    <message>
        <source>A quick medium one for English.</source>
        <translation>Быстрая средняя модель для английского.</translation>
    </message>
    <message>
        <source>A quick small one for English.</source>
        <translation>Быстрая малая модель для английского.</translation>
    </message>
    <message>
        <source>A segment ends</source>
        <translation>Фраза заканчивается</translation>
    </message>
    <message>
        <source>A sentence or two written the way you want the text: punctuation, names, spelling.</source>
        <translation>Одно-два предложения в том виде, какой вам нужен: знаки препинания, имена, написание.</translation>
    </message>
    <message>
        <source>A short sound when recording starts and ends, and when something fails.</source>
        <translation>Короткий звук в начале и в конце записи и при сбое.</translation>
    </message>
    <message>
        <source>API key</source>
        <translation>Ключ API</translation>
    </message>
    <message>
        <source>Address of a compatible server or of a company&apos;s own gateway, in place of the region&apos;s. The key is sent there.</source>
        <translation>Адрес совместимого сервера или шлюза вашей компании вместо адреса региона. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Adds a space, so that the next take does not stick to this one.</source>
        <translation>Добавляет пробел, чтобы следующая запись не слиплась с этой.</translation>
    </message>
    <message>
        <source>After the change of the keyboard layout the key {0} can&apos;t be used.</source>
        <translation>После смены раскладки клавишу {0} использовать нельзя.</translation>
    </message>
    <message>
        <source>Anything shorter is not taken for a pause.</source>
        <translation>Более короткая тишина паузой не считается.</translation>
    </message>
    <message>
        <source>Anything shorter is not taken for speech.</source>
        <translation>Более короткий звук речью не считается.</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>Вычисления</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Как в системе</translation>
    </message>
    <message>
        <source>Asks for a token that is good for one connection, so that the key never travels with the audio.</source>
        <translation>Запрашивает токен на одно соединение, чтобы ключ не передавался вместе со звуком.</translation>
    </message>
    <message>
        <source>Asks for the language heard even where word times are off.</source>
        <translation>Узнавать язык речи, даже если время слов не запрашивается.</translation>
    </message>
    <message>
        <source>At a pause</source>
        <translation>На паузе</translation>
    </message>
    <message>
        <source>Audio and text go to ElevenLabs in the region chosen, and are kept there unless the account has zero retention and logging is switched off.</source>
        <translation>Звук и текст отправляются в ElevenLabs в выбранный регион и хранятся там, если в учётной записи не включено нулевое хранение и не отключено ведение журнала.</translation>
    </message>
    <message>
        <source>Audio kept on disk cannot be read: {0}</source>
        <translation>Звук, сохранённый на диске, не читается: {0}</translation>
    </message>
    <message>
        <source>Audio sent</source>
        <translation>Звук передаётся как</translation>
    </message>
    <message>
        <source>Audio waiting to be recognised does not fit on the disk at {0}: {1}</source>
        <translation>Звук, ожидающий распознавания, не помещается на диск в {0}: {1}</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>Automatic commits</source>
        <translation>Завершать фразы автоматически</translation>
    </message>
    <message>
        <source>Automatic takes an NVIDIA graphics card where there is one that works, else the processor.</source>
        <translation>Автоматически: видеокарта NVIDIA, если она есть и работает, иначе процессор.</translation>
    </message>
    <message>
        <source>Automatic: int8 on the processor, float16 on a graphics card.</source>
        <translation>Автоматически: int8 на процессоре, float16 на видеокарте.</translation>
    </message>
    <message>
        <source>Bar</source>
        <translation>Полоса</translation>
    </message>
    <message>
        <source>Better text in English.</source>
        <translation>Лучше распознаёт английский.</translation>
    </message>
    <message>
        <source>Better text; wants a fast processor.</source>
        <translation>Лучше распознаёт; нужен быстрый процессор.</translation>
    </message>
    <message>
        <source>Between utterances</source>
        <translation>Между фразами</translation>
    </message>
    <message>
        <source>Bind a key of your desktop to the command: debabelizer remote toggle</source>
        <translation>Назначьте клавишу рабочего стола на команду: debabelizer remote toggle</translation>
    </message>
    <message>
        <source>Built-in recogniser</source>
        <translation>Встроенное распознавание</translation>
    </message>
    <message>
        <source>By hand</source>
        <translation>Вручную</translation>
    </message>
    <message>
        <source>By prediction</source>
        <translation>По предсказанию</translation>
    </message>
    <message>
        <source>By silence</source>
        <translation>По тишине</translation>
    </message>
    <message>
        <source>By your Commit or Stop, or also by itself when you pause.</source>
        <translation>По кнопке «Готово» или «Стоп», а если выбрано — и на паузе в речи.</translation>
    </message>
    <message>
        <source>Cancel key</source>
        <translation>Клавиша отмены</translation>
    </message>
    <message>
        <source>Candidates compared</source>
        <translation>Число вариантов</translation>
    </message>
    <message>
        <source>Cannot write into {0}: {1}.</source>
        <translation>Не удаётся записать в {0}: {1}.</translation>
    </message>
    <message>
        <source>Catch-up speed</source>
        <translation>Скорость навёрстывания</translation>
    </message>
    <message>
        <source>Character by character, for programs that don&apos;t paste.</source>
        <translation>Посимвольно, для программ, которые не принимают вставку.</translation>
    </message>
    <message>
        <source>Chirp 3 does not know this setting.</source>
        <translation>Chirp 3 не знает этого параметра.</translation>
    </message>
    <message>
        <source>Chirp does not know this setting.</source>
        <translation>Chirp не знает этого параметра.</translation>
    </message>
    <message>
        <source>Closing the window leaves the program in the tray; quit from there.</source>
        <translation>После закрытия окна программа остаётся в области уведомлений; выйти можно оттуда.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Оформление</translation>
    </message>
    <message>
        <source>Connect with a single-use token</source>
        <translation>Подключаться по одноразовому токену</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Соединение</translation>
    </message>
    <message>
        <source>Copying only</source>
        <translation>Только копирование</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Тёмное</translation>
    </message>
    <message>
        <source>Debabelizer is already running.</source>
        <translation>Debabelizer уже запущен.</translation>
    </message>
    <message>
        <source>Defaults are used; make the file readable.</source>
        <translation>Используются значения по умолчанию; откройте файл для чтения.</translation>
    </message>
    <message>
        <source>Delete that line and use `debabelizer keys set {0}`, or write ${NAME} to take it from the environment.</source>
        <translation>Удалите эту строку и выполните «debabelizer keys set {0}» либо напишите ${NAME}, чтобы взять значение из окружения.</translation>
    </message>
    <message>
        <source>Dictate in the terminal: debabelizer dictate</source>
        <translation>Диктуйте в терминале: debabelizer dictate</translation>
    </message>
    <message>
        <source>Dictation</source>
        <translation>Диктовка</translation>
    </message>
    <message>
        <source>Dictation key</source>
        <translation>Клавиша диктовки</translation>
    </message>
    <message>
        <source>Did you mean {0}?</source>
        <translation>Может быть, {0}?</translation>
    </message>
    <message>
        <source>Dot</source>
        <translation>Точка</translation>
    </message>
    <message>
        <source>Drops “uh”, false starts and repetitions.</source>
        <translation>Убирает «э-э», оговорки и повторы.</translation>
    </message>
    <message>
        <source>Each press starts or stops.</source>
        <translation>Каждое нажатие начинает или заканчивает.</translation>
    </message>
    <message>
        <source>ElevenLabs</source>
        <translation>ElevenLabs</translation>
    </message>
    <message>
        <source>ElevenLabs answered with HTTP status {0}.{1}</source>
        <translation>ElevenLabs ответил кодом HTTP {0}.{1}</translation>
    </message>
    <message>
        <source>ElevenLabs cannot rewrite a text and look for entities in it: choose one.</source>
        <translation>ElevenLabs не может одновременно переписывать текст и искать в нём данные: выберите что-то одно.</translation>
    </message>
    <message>
        <source>ElevenLabs closes a connection after 10 to 15 s without audio. Silence keeps it open and is billed; closing costs a moment at the next utterance.</source>
        <translation>ElevenLabs закрывает соединение после 10–15 с без звука. Тишина держит его открытым, но оплачивается; закрытие задерживает начало следующей фразы.</translation>
    </message>
    <message>
        <source>ElevenLabs does not recognise the language “{0}”.</source>
        <translation>ElevenLabs не распознаёт язык «{0}».</translation>
    </message>
    <message>
        <source>ElevenLabs found: {0}.</source>
        <translation>ElevenLabs нашёл: {0}.</translation>
    </message>
    <message>
        <source>ElevenLabs has too much to do just now.{0}</source>
        <translation>ElevenLabs сейчас перегружен.{0}</translation>
    </message>
    <message>
        <source>ElevenLabs heard no speech for long and may close the connection.</source>
        <translation>ElevenLabs давно не слышит речи и может закрыть соединение.</translation>
    </message>
    <message>
        <source>ElevenLabs is restarting.</source>
        <translation>ElevenLabs перезапускается.</translation>
    </message>
    <message>
        <source>ElevenLabs refused the request.{0}</source>
        <translation>ElevenLabs отклонил запрос.{0}</translation>
    </message>
    <message>
        <source>ElevenLabs sent something that is not its protocol: {0}.</source>
        <translation>ElevenLabs прислал не то, что предусмотрено его протоколом: {0}.</translation>
    </message>
    <message>
        <source>ElevenLabs warns: {0}</source>
        <translation>ElevenLabs предупреждает: {0}</translation>
    </message>
    <message>
        <source>English</source>
        <translation>English</translation>
    </message>
    <message>
        <source>Enter afterwards</source>
        <translation>Enter после текста</translation>
    </message>
    <message>
        <source>European Union (residency)</source>
        <translation>Европейский союз (хранение на месте)</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Всё</translation>
    </message>
    <message>
        <source>Everything stays on this computer.</source>
        <translation>Всё остаётся на этом компьютере.</translation>
    </message>
    <message>
        <source>Everything stays on this computer; only the model is downloaded, from Hugging Face.</source>
        <translation>Всё остаётся на этом компьютере; загружается только модель, с Hugging Face.</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>Сбои</translation>
    </message>
    <message>
        <source>Fast on any computer.</source>
        <translation>Быстрая на любом компьютере.</translation>
    </message>
    <message>
        <source>Fast, English only.</source>
        <translation>Быстрая, только английский.</translation>
    </message>
    <message>
        <source>First words after about 2 s of audio.</source>
        <translation>Первые слова примерно через 2 с звука.</translation>
    </message>
    <message>
        <source>Folder of a model of your own</source>
        <translation>Папка с вашей моделью</translation>
    </message>
    <message>
        <source>For a graphics card.</source>
        <translation>Для видеокарты.</translation>
    </message>
    <message>
        <source>Forgotten when the program ends.</source>
        <translation>Забываются при выходе из программы.</translation>
    </message>
    <message>
        <source>Free the memory after</source>
        <translation>Освобождать память через</translation>
    </message>
    <message>
        <source>From your ElevenLabs account; it needs the speech-to-text permission.</source>
        <translation>Из вашей учётной записи ElevenLabs; нужно право на распознавание речи.</translation>
    </message>
    <message>
        <source>Gives the last few words already written to a new connection, as context.</source>
        <translation>Передаёт новому соединению последние написанные слова как контекст.</translation>
    </message>
    <message>
        <source>Global keys are not supported on Wayland in this version.</source>
        <translation>Глобальные клавиши в Wayland в этой версии не поддерживаются.</translation>
    </message>
    <message>
        <source>Global keys no longer work: the display closed the connection ({0}).</source>
        <translation>Глобальные клавиши больше не работают: дисплей закрыл соединение ({0}).</translation>
    </message>
    <message>
        <source>Go over the whole utterance again at its end</source>
        <translation>В конце пройти всю фразу ещё раз</translation>
    </message>
    <message>
        <source>Good text at a good pace on most computers.</source>
        <translation>Хороший текст с хорошей скоростью почти на любом компьютере.</translation>
    </message>
    <message>
        <source>Good text in a hundred languages, offline and free; needs a downloaded model and some computing power.</source>
        <translation>Хороший текст на ста языках, без сети и бесплатно; нужна загруженная модель и немного вычислительной мощности.</translation>
    </message>
    <message>
        <source>Graphics card only.</source>
        <translation>Только видеокарта.</translation>
    </message>
    <message>
        <source>Hears all of it at once and corrects what was understood too early. Costs a moment at the end.</source>
        <translation>Слушает всё целиком и исправляет то, что было понято слишком рано. В конце это занимает немного времени.</translation>
    </message>
    <message>
        <source>High contrast</source>
        <translation>Высокий контраст</translation>
    </message>
    <message>
        <source>Hold to talk</source>
        <translation>Удерживать и говорить</translation>
    </message>
    <message>
        <source>How ElevenLabs finds the end of a segment when it may end segments itself.</source>
        <translation>Как ElevenLabs находит конец фразы, если ему разрешено завершать фразы самому.</translation>
    </message>
    <message>
        <source>How far back that goes</source>
        <translation>Насколько далеко назад</translation>
    </message>
    <message>
        <source>How much is written to the log file. Never keys, sound or text.</source>
        <translation>Сколько пишется в журнал. Ключи, звук и текст — никогда.</translation>
    </message>
    <message>
        <source>How sure the voice detector must be. At 0.4 ElevenLabs picks its own value.</source>
        <translation>Насколько уверенным должен быть детектор голоса. При 0,4 ElevenLabs выбирает значение сам.</translation>
    </message>
    <message>
        <source>How the words get into the other program.</source>
        <translation>Как слова попадают в другую программу.</translation>
    </message>
    <message>
        <source>Ignore a brush shorter than</source>
        <translation>Не замечать нажатий короче</translation>
    </message>
    <message>
        <source>Ignore voices in the background</source>
        <translation>Не замечать голосов на фоне</translation>
    </message>
    <message>
        <source>India (residency)</source>
        <translation>Индия (хранение на месте)</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>Вставка</translation>
    </message>
    <message>
        <source>Install wl-copy (package wl-clipboard) for that, and paste with Ctrl+V.</source>
        <translation>Для этого установите wl-copy (пакет wl-clipboard) и вставляйте клавишами Ctrl+V.</translation>
    </message>
    <message>
        <source>It matters only where a bucket is named.</source>
        <translation>Имеет значение, только если указано хранилище (bucket).</translation>
    </message>
    <message>
        <source>Keep nothing</source>
        <translation>Ничего не хранить</translation>
    </message>
    <message>
        <source>Keep open with silence</source>
        <translation>Держать открытым тишиной</translation>
    </message>
    <message>
        <source>Keep recordings for</source>
        <translation>Хранить звук</translation>
    </message>
    <message>
        <source>Keep running when closed</source>
        <translation>Продолжать работу после закрытия</translation>
    </message>
    <message>
        <source>Keep texts for</source>
        <translation>Хранить тексты</translation>
    </message>
    <message>
        <source>Keeps the microphone open and puts this much sound from before the key press in front of a take. 0: the microphone is open only while you dictate.</source>
        <translation>Держит микрофон включённым и добавляет к записи столько звука до нажатия клавиши. 0: микрофон включён только во время диктовки.</translation>
    </message>
    <message>
        <source>Keys are kept in</source>
        <translation>Ключи хранятся</translation>
    </message>
    <message>
        <source>Keys are kept in memory until the program ends.</source>
        <translation>Ключи хранятся в памяти до выхода из программы.</translation>
    </message>
    <message>
        <source>Keys are kept in the system&apos;s store ({0}).</source>
        <translation>Ключи хранятся в системном хранилище ({0}).</translation>
    </message>
    <message>
        <source>Keys are kept unencrypted in {0}, readable by you alone.</source>
        <translation>Ключи хранятся незашифрованными в {0}, читать файл можете только вы.</translation>
    </message>
    <message>
        <source>Kinds of names and numbers to point out: all, pii, phi, pci, other, offensive_language, or a type such as email_address. Costs more.</source>
        <translation>Какие имена и числа отмечать: all, pii, phi, pci, other, offensive_language или тип, например email_address. Стоит дороже.</translation>
    </message>
    <message>
        <source>Kinds of names and numbers to replace in the finished text: all, pii, phi, pci, other, offensive_language, or a type such as email_address. Costs more.</source>
        <translation>Какие имена и числа заменять в готовом тексте: all, pii, phi, pci, other, offensive_language или тип, например email_address. Стоит дороже.</translation>
    </message>
    <message>
        <source>Knows speakers and predicts turns.</source>
        <translation>Различает говорящих и предсказывает реплики.</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Язык окна</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Языки</translation>
    </message>
    <message>
        <source>Larger models make fewer mistakes and need more time and memory. They are downloaded once.</source>
        <translation>Большие модели ошибаются реже, но требуют больше времени и памяти. Загружаются один раз.</translation>
    </message>
    <message>
        <source>Leave out fillers</source>
        <translation>Убирать слова-паразиты</translation>
    </message>
    <message>
        <source>Leaves the text on the clipboard.</source>
        <translation>Оставляет текст в буфере обмена.</translation>
    </message>
    <message>
        <source>Length of a pause</source>
        <translation>Длина паузы</translation>
    </message>
    <message>
        <source>Let ElevenLabs keep what is sent</source>
        <translation>Разрешить ElevenLabs хранить отправленное</translation>
    </message>
    <message>
        <source>Let it close, open again when needed</source>
        <translation>Дать закрыться и открыть, когда понадобится</translation>
    </message>
    <message>
        <source>Level and state.</source>
        <translation>Громкость и состояние.</translation>
    </message>
    <message>
        <source>Level, state and live text.</source>
        <translation>Громкость, состояние и текст по ходу речи.</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Светлое</translation>
    </message>
    <message>
        <source>Light, dark, or as the system.</source>
        <translation>Светлое, тёмное или как в системе.</translation>
    </message>
    <message>
        <source>Listen ahead</source>
        <translation>Слушать заранее</translation>
    </message>
    <message>
        <source>Listen on after release</source>
        <translation>Слушать после отпускания</translation>
    </message>
    <message>
        <source>Listening again: {0}</source>
        <translation>Снова слышу: {0}</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Журнал</translation>
    </message>
    <message>
        <source>Longest audio message</source>
        <translation>Самое длинное звуковое сообщение</translation>
    </message>
    <message>
        <source>Makes each word&apos;s time known, and the resuming after a lost connection exact.</source>
        <translation>Сообщает время каждого слова и позволяет точно продолжить после обрыва связи.</translation>
    </message>
    <message>
        <source>Memory only</source>
        <translation>Только память</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>Minutes without dictation after which the model leaves the memory. 0: at once.</source>
        <translation>Через сколько минут без диктовки модель выгружается из памяти. 0: сразу.</translation>
    </message>
    <message>
        <source>Minutes without dictation after which the recogniser leaves the memory (about 130 MB). 0: at once.</source>
        <translation>Через сколько минут без диктовки распознаватель выгружается из памяти (около 130 МБ). 0: сразу.</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Модель</translation>
    </message>
    <message>
        <source>More make the final text a little better and slower. Text still being spoken always uses one.</source>
        <translation>Чем больше, тем немного лучше и медленнее готовый текст. Для ещё звучащей речи всегда один.</translation>
    </message>
    <message>
        <source>More than {0} segments on one connection</source>
        <translation>Больше {0} фрагментов в одном соединении</translation>
    </message>
    <message>
        <source>NVIDIA graphics card</source>
        <translation>Видеокарта NVIDIA</translation>
    </message>
    <message>
        <source>Name the language of each segment</source>
        <translation>Определять язык каждого фрагмента</translation>
    </message>
    <message>
        <source>Named by the server; not documented.</source>
        <translation>Названа сервером; не описана в документации.</translation>
    </message>
    <message>
        <source>Names and terms the recogniser should expect, where the provider takes such a list.</source>
        <translation>Имена и термины, которых стоит ожидать распознавателю, если сервис принимает такой список.</translation>
    </message>
    <message>
        <source>Nearly the best, several times faster.</source>
        <translation>Почти лучшая, но в несколько раз быстрее.</translation>
    </message>
    <message>
        <source>Neither sound nor text touches the disk. A take that fails, or is running when the program dies, is lost.</source>
        <translation>Ни звук, ни текст не попадают на диск. Запись, которая не удалась или шла в момент сбоя программы, теряется.</translation>
    </message>
    <message>
        <source>Newest family; not open to every account.</source>
        <translation>Новейшее семейство; доступно не каждой учётной записи.</translation>
    </message>
    <message>
        <source>No connection to {0} for {1} s</source>
        <translation>Нет связи с {0} уже {1} с</translation>
    </message>
    <message>
        <source>No connection to {0}: {1}</source>
        <translation>Нет связи с {0}: {1}</translation>
    </message>
    <message>
        <source>No microphone was found. Plug one in, or allow the program to use it, and try again.</source>
        <translation>Микрофон не найден. Подключите его или разрешите программе его использовать и попробуйте ещё раз.</translation>
    </message>
    <message>
        <source>No provider is ready: none has a key, a downloaded model or a recogniser of its own.</source>
        <translation>Ни один сервис не готов: нет ни ключа, ни загруженной модели, ни своего распознавателя.</translation>
    </message>
    <message>
        <source>No secure connection to {0}: {1}</source>
        <translation>Нет защищённого соединения с {0}: {1}</translation>
    </message>
    <message>
        <source>No sound can be played: there is no loudspeaker, or it is in use.</source>
        <translation>Звук не воспроизводится: динамика нет или он занят.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Not a WebSocket address: {0}</source>
        <translation>Это не адрес WebSocket: {0}</translation>
    </message>
    <message>
        <source>Not an address: {0}</source>
        <translation>Это не адрес: {0}</translation>
    </message>
    <message>
        <source>Nothing was understood.</source>
        <translation>Ничего не удалось понять.</translation>
    </message>
    <message>
        <source>Off asks for zero retention, which ElevenLabs grants to enterprise accounts only.</source>
        <translation>Выключено — просит не хранить ничего; ElevenLabs соглашается на это только для корпоративных учётных записей.</translation>
    </message>
    <message>
        <source>On a button press</source>
        <translation>По нажатию кнопки</translation>
    </message>
    <message>
        <source>Only Chirp 2 knows this setting.</source>
        <translation>Этот параметр знает только Chirp 2.</translation>
    </message>
    <message>
        <source>Only version 2 of the interface knows this setting.</source>
        <translation>Этот параметр знает только версия 2 интерфейса.</translation>
    </message>
    <message>
        <source>Only with models that predict turns.</source>
        <translation>Только для моделей, которые предсказывают реплики.</translation>
    </message>
    <message>
        <source>Other address</source>
        <translation>Другой адрес</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Индикатор</translation>
    </message>
    <message>
        <source>Pasting</source>
        <translation>Вставкой</translation>
    </message>
    <message>
        <source>Pill</source>
        <translation>Капсула</translation>
    </message>
    <message>
        <source>PortAudio is not installed, so no microphone can be used. Install the package libportaudio2.</source>
        <translation>PortAudio не установлен, поэтому микрофон использовать нельзя. Установите пакет libportaudio2.</translation>
    </message>
    <message>
        <source>Press to start, press to stop</source>
        <translation>Нажать — начать, нажать — закончить</translation>
    </message>
    <message>
        <source>Presses Enter after the text, to send a message at once.</source>
        <translation>Нажимает Enter после текста, чтобы сразу отправить сообщение.</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Процессор</translation>
    </message>
    <message>
        <source>Processor threads</source>
        <translation>Потоки процессора</translation>
    </message>
    <message>
        <source>Ready with the model {0}, on the processor: this package has no code for graphics cards; to use one, install Debabelizer with pipx.</source>
        <translation>Готово: модель {0}, на процессоре. В этом пакете нет кода для видеокарт; чтобы использовать видеокарту, установите Debabelizer через pipx.</translation>
    </message>
    <message>
        <source>a rule has {0}, not {1}</source>
        <translation>в правиле бывает {0}, но не {1}</translation>
    </message>
    <message>
        <source>a rule is a table</source>
        <translation>правило — это таблица</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Сервис распознавания</translation>
    </message>
    <message>
        <source>0: as is usual for its kind. Audio at the wrong rate gives wrong words and no error.</source>
        <translation>0: как принято у серверов этого вида. Звук с неверной частотой даёт неверные слова и никакой ошибки.</translation>
    </message>
    <message>
        <source>1 is the vendor&apos;s own.</source>
        <translation>1 — как у самого сервиса.</translation>
    </message>
    <message>
        <source>16 kHz, 32 kB/s</source>
        <translation>16 кГц, 32 КБ/с</translation>
    </message>
    <message>
        <source>24 kHz, 64 kB/s</source>
        <translation>24 кГц, 64 кБ/с</translation>
    </message>
    <message>
        <source>8 kHz µ-law, 8 kB/s</source>
        <translation>8 кГц µ-law, 8 КБ/с</translation>
    </message>
    <message>
        <source>8 kHz, 16 kB/s</source>
        <translation>8 кГц, 16 КБ/с</translation>
    </message>
    <message>
        <source>A file with more sound than this is refused. 0: any length.</source>
        <translation>Файл, в котором звука больше, не принимается. 0: любая длина.</translation>
    </message>
    <message>
        <source>A larger file is refused. 0: any size; what a provider takes is another matter, and cut to measure.</source>
        <translation>Файл большего размера не принимается. 0: любой размер; сколько принимает сервис, дело другое: под его меру запись нарезается.</translation>
    </message>
    <message>
        <source>Address https://RESOURCE.openai.azure.com/openai/v1; the model is the name of the deployment.</source>
        <translation>Адрес https://RESOURCE.openai.azure.com/openai/v1; модель — имя развёртывания.</translation>
    </message>
    <message>
        <source>Address of a compatible server or gateway, up to and with its /v1. The key is sent there.</source>
        <translation>Адрес совместимого сервера или шлюза, включая /v1. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Address of a self-hosted Deepgram or of a company&apos;s own gateway, in place of the region&apos;s. The key is sent there.</source>
        <translation>Адрес собственного сервера Deepgram или шлюза организации вместо адреса региона. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>As OpenAI, with the model in the address.</source>
        <translation>Как OpenAI, но модель указана в адресе.</translation>
    </message>
    <message>
        <source>As keywords or, with older models, in the prompt. GPT Realtime Whisper takes none.</source>
        <translation>Как ключевые слова или, у старых моделей, в подсказке. GPT Realtime Whisper их не принимает.</translation>
    </message>
    <message>
        <source>As the vendor sets it</source>
        <translation>Как задано сервисом</translation>
    </message>
    <message>
        <source>Asks for a short-lived secret first, so that the key never travels with the audio. At OpenAI only.</source>
        <translation>Сначала запрашивает недолговечный секрет, чтобы ключ не передавался вместе со звуком. Только у OpenAI.</translation>
    </message>
    <message>
        <source>Asks for a token that is good for half a minute, so that the key never travels with the audio. The key needs the right to make tokens.</source>
        <translation>Запрашивает токен, действующий полминуты, чтобы ключ не передавался вместе со звуком. Ключу нужно право выпускать токены.</translation>
    </message>
    <message>
        <source>Audio before a voice</source>
        <translation>Звук перед голосом</translation>
    </message>
    <message>
        <source>Audio goes to Deepgram in the region chosen, and may be kept to improve its models unless that is switched off.</source>
        <translation>Звук отправляется в Deepgram в выбранный регион и может храниться для улучшения моделей, если это не выключено.</translation>
    </message>
    <message>
        <source>Australia</source>
        <translation>Австралия</translation>
    </message>
    <message>
        <source>Automatic choice</source>
        <translation>Автоматический выбор</translation>
    </message>
    <message>
        <source>Azure OpenAI</source>
        <translation>Azure OpenAI</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Уравновешенно</translation>
    </message>
    <message>
        <source>Best text</source>
        <translation>Лучший текст</translation>
    </message>
    <message>
        <source>Budget of a month</source>
        <translation>Бюджет на месяц</translation>
    </message>
    <message>
        <source>Cheapest; text only after each commit.</source>
        <translation>Самая дешёвая; текст только после каждой фиксации.</translation>
    </message>
    <message>
        <source>Connect with a client secret</source>
        <translation>Соединяться с клиентским секретом</translation>
    </message>
    <message>
        <source>Connect with a short-lived token</source>
        <translation>Подключаться по недолговечному токену</translation>
    </message>
    <message>
        <source>Costs</source>
        <translation>Расходы</translation>
    </message>
    <message>
        <source>Deepgram</source>
        <translation>Deepgram</translation>
    </message>
    <message>
        <source>Deepgram answered with HTTP status {0}.</source>
        <translation>Deepgram ответил с кодом HTTP {0}.</translation>
    </message>
    <message>
        <source>Deepgram cannot decode the audio: encoding or sample rate are not what it was told.</source>
        <translation>Deepgram не может раскодировать звук: кодировка или частота не те, что были указаны.</translation>
    </message>
    <message>
        <source>Deepgram closed the connection with code {0}.</source>
        <translation>Deepgram закрыл соединение с кодом {0}.</translation>
    </message>
    <message>
        <source>Deepgram does not let this API key use the chosen model or do this.</source>
        <translation>Deepgram не разрешает с этим ключом API выбранную модель или это действие.</translation>
    </message>
    <message>
        <source>Deepgram does not offer {0} in this region: it works with “Automatic”.</source>
        <translation>Deepgram не предлагает {0} в этом регионе: с «Автоматически» модель работает.</translation>
    </message>
    <message>
        <source>Deepgram got no audio for too long.</source>
        <translation>Deepgram слишком долго не получал звука.</translation>
    </message>
    <message>
        <source>Deepgram has too many connections from this project.</source>
        <translation>У этого проекта слишком много соединений с Deepgram.</translation>
    </message>
    <message>
        <source>Deepgram is busy and asks to come back later.</source>
        <translation>Deepgram занят и просит обратиться позже.</translation>
    </message>
    <message>
        <source>Deepgram is restarting.</source>
        <translation>Deepgram перезапускается.</translation>
    </message>
    <message>
        <source>Deepgram refused the API key.</source>
        <translation>Deepgram не принял ключ API.</translation>
    </message>
    <message>
        <source>Deepgram refused the settings.</source>
        <translation>Deepgram не принял настройки.</translation>
    </message>
    <message>
        <source>Deepgram refused this connection.</source>
        <translation>Deepgram отклонил это соединение.</translation>
    </message>
    <message>
        <source>Deepgram reported “{0}”.</source>
        <translation>Deepgram сообщил: «{0}».</translation>
    </message>
    <message>
        <source>Deepgram sent something that is not its protocol: {0}.</source>
        <translation>Deepgram прислал то, чего нет в его протоколе: {0}.</translation>
    </message>
    <message>
        <source>Deepgram understood nothing in the audio for too long.</source>
        <translation>Deepgram слишком долго ничего не разбирал в звуке.</translation>
    </message>
    <message>
        <source>Deepgram warns: {0}</source>
        <translation>Deepgram предупреждает: {0}</translation>
    </message>
    <message>
        <source>Deepgram&apos;s model {0} does not mix {1} with other languages: choose one language.</source>
        <translation>Модель Deepgram {0} не сочетает {1} с другими языками: выберите один язык.</translation>
    </message>
    <message>
        <source>Deepgram&apos;s model {0} does not recognise the language “{1}”.</source>
        <translation>Модель Deepgram {0} не распознаёт язык «{1}».</translation>
    </message>
    <message>
        <source>Defaults are used; the first `debabelizer config set` makes it.</source>
        <translation>Действуют значения по умолчанию; файл появится после первого `debabelizer config set`.</translation>
    </message>
    <message>
        <source>Delay</source>
        <translation>Задержка</translation>
    </message>
    <message>
        <source>Do not wait for formatting</source>
        <translation>Не ждать оформления</translation>
    </message>
    <message>
        <source>Done by OpenAI before recognition.</source>
        <translation>Выполняется в OpenAI перед распознаванием.</translation>
    </message>
    <message>
        <source>Eagerness</source>
        <translation>Поспешность</translation>
    </message>
    <message>
        <source>ElevenLabs closed the connection with code {0}.</source>
        <translation>ElevenLabs закрыл соединение с кодом {0}.</translation>
    </message>
    <message>
        <source>ElevenLabs could not keep up with the audio.</source>
        <translation>ElevenLabs не успевал обрабатывать звук.</translation>
    </message>
    <message>
        <source>ElevenLabs did not understand a message of ours.</source>
        <translation>ElevenLabs не понял наше сообщение.</translation>
    </message>
    <message>
        <source>ElevenLabs ended a connection that was open for very long.</source>
        <translation>ElevenLabs завершил соединение, открытое очень долго.</translation>
    </message>
    <message>
        <source>ElevenLabs found an audio message too long: shorten it in the settings.</source>
        <translation>ElevenLabs счёл сообщение со звуком слишком длинным: уменьшите его в настройках.</translation>
    </message>
    <message>
        <source>ElevenLabs has too many requests from this account.</source>
        <translation>От этой учётной записи у ElevenLabs слишком много запросов.</translation>
    </message>
    <message>
        <source>ElevenLabs is at capacity.</source>
        <translation>ElevenLabs перегружен.</translation>
    </message>
    <message>
        <source>ElevenLabs is busy and asks to come back later.</source>
        <translation>ElevenLabs занят и просит обратиться позже.</translation>
    </message>
    <message>
        <source>ElevenLabs refused the API key: it is wrong, belongs to another region, or lacks the right to transcribe.</source>
        <translation>ElevenLabs не принял ключ API: он неверен, относится к другому региону или не даёт права на распознавание.</translation>
    </message>
    <message>
        <source>ElevenLabs refused the settings of this connection.</source>
        <translation>ElevenLabs не принял настройки этого соединения.</translation>
    </message>
    <message>
        <source>ElevenLabs refused this connection.</source>
        <translation>ElevenLabs отклонил это соединение.</translation>
    </message>
    <message>
        <source>ElevenLabs reported a failure.</source>
        <translation>ElevenLabs сообщил о сбое.</translation>
    </message>
    <message>
        <source>ElevenLabs reported “{0}”.</source>
        <translation>ElevenLabs сообщил: «{0}».</translation>
    </message>
    <message>
        <source>ElevenLabs wants its terms accepted: sign in on its site first.</source>
        <translation>ElevenLabs просит принять его условия: сначала войдите на его сайт.</translation>
    </message>
    <message>
        <source>End of turn</source>
        <translation>Конец реплики</translation>
    </message>
    <message>
        <source>Ends on 26 February 2027.</source>
        <translation>Отключается 26 февраля 2027 года.</translation>
    </message>
    <message>
        <source>English medical language.</source>
        <translation>Английская медицинская лексика.</translation>
    </message>
    <message>
        <source>European Union</source>
        <translation>Европейский союз</translation>
    </message>
    <message>
        <source>Every connection carries them in Deepgram&apos;s own statistics.</source>
        <translation>По ним каждое соединение видно в статистике Deepgram.</translation>
    </message>
    <message>
        <source>Faster, less well formatted. Not documented.</source>
        <translation>Быстрее, но хуже оформлено. В документации не описано.</translation>
    </message>
    <message>
        <source>Files are read by a process of their own, which gets this much. A file that needs more is refused: it is damaged or made to do harm, or a film of many hours.</source>
        <translation>Файлы читает отдельный процесс, которому даётся столько памяти. Файл, которому нужно больше, не принимается: он повреждён, сделан во вред или это фильм на много часов.</translation>
    </message>
    <message>
        <source>Finals at pauses in manual mode, too</source>
        <translation>Фиксировать на паузах и в ручном режиме</translation>
    </message>
    <message>
        <source>Find and replace</source>
        <translation>Найти и заменить</translation>
    </message>
    <message>
        <source>First that is ready</source>
        <translation>Первый готовый</translation>
    </message>
    <message>
        <source>Flux English</source>
        <translation>Flux, английский</translation>
    </message>
    <message>
        <source>Flux Multilingual</source>
        <translation>Flux, многоязычная</translation>
    </message>
    <message>
        <source>Flux for ten languages, told apart by itself.</source>
        <translation>Flux для десяти языков, различает их сама.</translation>
    </message>
    <message>
        <source>For a headset</source>
        <translation>Для гарнитуры</translation>
    </message>
    <message>
        <source>For a microphone in the room</source>
        <translation>Для микрофона в комнате</translation>
    </message>
    <message>
        <source>Format numbers and dates</source>
        <translation>Оформлять числа и даты</translation>
    </message>
    <message>
        <source>From your Deepgram project; the role “Member” or any other that may transcribe.</source>
        <translation>Из вашего проекта Deepgram; роль «Member» или любая другая с правом распознавания.</translation>
    </message>
    <message>
        <source>From your OpenAI project. A server of your own may need none.</source>
        <translation>Из вашего проекта OpenAI. Собственному серверу он может быть не нужен.</translation>
    </message>
    <message>
        <source>GPT Live Transcribe</source>
        <translation>GPT Live Transcribe</translation>
    </message>
    <message>
        <source>GPT Realtime Whisper</source>
        <translation>GPT Realtime Whisper</translation>
    </message>
    <message>
        <source>GPT Transcribe</source>
        <translation>GPT Transcribe</translation>
    </message>
    <message>
        <source>GPT-4o Transcribe</source>
        <translation>GPT-4o Transcribe</translation>
    </message>
    <message>
        <source>GPT-4o mini Transcribe</source>
        <translation>GPT-4o mini Transcribe</translation>
    </message>
    <message>
        <source>GPT-4o mini Transcribe (December 2025)</source>
        <translation>GPT-4o mini Transcribe (декабрь 2025)</translation>
    </message>
    <message>
        <source>Gateway to OpenAI</source>
        <translation>Шлюз к OpenAI</translation>
    </message>
    <message>
        <source>Gives the last words already written to a new connection in the prompt, for models that take one.</source>
        <translation>Передаёт новому соединению последние написанные слова в подсказке, если модель её принимает.</translation>
    </message>
    <message>
        <source>Go on with this computer</source>
        <translation>Продолжать на этом компьютере</translation>
    </message>
    <message>
        <source>Hide swear words</source>
        <translation>Скрывать ругательства</translation>
    </message>
    <message>
        <source>High</source>
        <translation>Высокая</translation>
    </message>
    <message>
        <source>How long the final text may take before the audio is sent again.</source>
        <translation>Сколько ждать окончательного текста, прежде чем отправить звук снова.</translation>
    </message>
    <message>
        <source>How soon detection by meaning ends a segment: it waits 8, 4 or 2 s at most.</source>
        <translation>Как скоро определение по смыслу завершает фрагмент: ждёт не более 8, 4 или 2 с.</translation>
    </message>
    <message>
        <source>How sure Flux must be that a turn is over; 1 ends turns only by hand where the server knows that.</source>
        <translation>Насколько Flux должна быть уверена, что реплика закончена; 1 — только вручную, если сервер это умеет.</translation>
    </message>
    <message>
        <source>How sure the server&apos;s voice detector must be.</source>
        <translation>Насколько уверен должен быть детектор голоса на сервере.</translation>
    </message>
    <message>
        <source>Hz</source>
        <translation>Гц</translation>
    </message>
    <message>
        <source>In the order of the list.</source>
        <translation>По порядку списка.</translation>
    </message>
    <message>
        <source>India</source>
        <translation>Индия</translation>
    </message>
    <message>
        <source>Keep fillers</source>
        <translation>Оставлять слова-паразиты</translation>
    </message>
    <message>
        <source>Keep one of them.</source>
        <translation>Оставьте один из них.</translation>
    </message>
    <message>
        <source>Kind of server</source>
        <translation>Вид сервера</translation>
    </message>
    <message>
        <source>Kinds of content to take out of the text, such as pci, numbers, ssn. Flux knows numbers and aggressive_numbers.</source>
        <translation>Что убирать из текста, например pci, numbers, ssn. Flux знает numbers и aggressive_numbers.</translation>
    </message>
    <message>
        <source>Labels in the usage report</source>
        <translation>Метки в отчёте об использовании</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>Самый большой файл</translation>
    </message>
    <message>
        <source>Least money</source>
        <translation>Дешевле всего</translation>
    </message>
    <message>
        <source>Let Deepgram learn from what is sent</source>
        <translation>Разрешить Deepgram учиться на отправленном</translation>
    </message>
    <message>
        <source>Long</source>
        <translation>Долгая</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>Самая долгая</translation>
    </message>
    <message>
        <source>Longest connection</source>
        <translation>Предельная длительность соединения</translation>
    </message>
    <message>
        <source>Longest recording</source>
        <translation>Самая длинная запись</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>Низкая</translation>
    </message>
    <message>
        <source>MB</source>
        <translation>МБ</translation>
    </message>
    <message>
        <source>Made for conversations: knows when a turn is over. Silence is sent, and billed, while it is connected.</source>
        <translation>Для разговоров: знает, когда реплика закончена. Пока есть соединение, отправляется тишина, и она оплачивается.</translation>
    </message>
    <message>
        <source>Medium</source>
        <translation>Средняя</translation>
    </message>
    <message>
        <source>Memory for reading a file</source>
        <translation>Память для чтения файла</translation>
    </message>
    <message>
        <source>Model version</source>
        <translation>Версия модели</translation>
    </message>
    <message>
        <source>More make long files quicker on a graphics card and take more memory.</source>
        <translation>Большее число ускоряет длинные файлы на видеокарте и занимает больше памяти.</translation>
    </message>
    <message>
        <source>Name of a model that is not in the list, as on a server of your own; at Azure, of the deployment.</source>
        <translation>Имя модели, которой нет в списке, например на собственном сервере; в Azure — имя развёртывания.</translation>
    </message>
    <message>
        <source>Name of a model that is not in the list, such as one trained for you. One that begins with “flux-” is spoken to as Flux is.</source>
        <translation>Имя модели, которой нет в списке, например обученной для вас. С моделью на «flux-» программа говорит как с Flux.</translation>
    </message>
    <message>
        <source>Name the languages expected</source>
        <translation>Называть ожидаемые языки</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>No provider that is ready translates recordings into {0}. {1}</source>
        <translation>Ни один готовый к работе сервис не переводит записи на {0}. {1}</translation>
    </message>
    <message>
        <source>Noise reduction</source>
        <translation>Подавление шума</translation>
    </message>
    <message>
        <source>Nova is for dictation, Flux for conversations.</source>
        <translation>Nova — для диктовки, Flux — для разговоров.</translation>
    </message>
    <message>
        <source>Nova says when it hears someone begin and end.</source>
        <translation>Nova сообщает, когда слышит начало и конец речи.</translation>
    </message>
    <message>
        <source>Nova-2</source>
        <translation>Nova-2</translation>
    </message>
    <message>
        <source>Nova-3</source>
        <translation>Nova-3</translation>
    </message>
    <message>
        <source>Nova-3 Medical</source>
        <translation>Nova-3, медицинская</translation>
    </message>
    <message>
        <source>Numbers as digits</source>
        <translation>Числа цифрами</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Выключено</translation>
    </message>
    <message>
        <source>Off leaves the model improvement programme, which may change the price.</source>
        <translation>Выключение — выход из программы улучшения моделей, это может изменить цену.</translation>
    </message>
    <message>
        <source>Off, Nova makes text final when you stop or when it has heard enough; on, also at each pause.</source>
        <translation>Выключено: Nova фиксирует текст, когда вы закончили или когда услышано достаточно; включено: ещё и на каждой паузе.</translation>
    </message>
    <message>
        <source>Only on this computer</source>
        <translation>Только на этом компьютере</translation>
    </message>
    <message>
        <source>Only where the key belongs to several.</source>
        <translation>Только если ключ относится к нескольким.</translation>
    </message>
    <message>
        <source>OpenAI</source>
        <translation>OpenAI</translation>
    </message>
    <message>
        <source>OpenAI answered with HTTP status {0}.{1}</source>
        <translation>OpenAI ответил кодом HTTP {0}.{1}</translation>
    </message>
    <message>
        <source>OpenAI closed the connection with code {0}.{1}</source>
        <translation>OpenAI закрыл соединение с кодом {0}.{1}</translation>
    </message>
    <message>
        <source>OpenAI could not transcribe a piece of audio.</source>
        <translation>OpenAI не смог распознать отрывок звука.</translation>
    </message>
    <message>
        <source>OpenAI does not recognise the language “{0}”.</source>
        <translation>OpenAI не распознаёт язык «{0}».</translation>
    </message>
    <message>
        <source>OpenAI does not take this model for live recognition.</source>
        <translation>OpenAI не принимает эту модель для распознавания на лету.</translation>
    </message>
    <message>
        <source>OpenAI ended a connection that was open for very long.</source>
        <translation>OpenAI завершил соединение, открытое очень долго.</translation>
    </message>
    <message>
        <source>OpenAI ended the connection or is restarting.{0}</source>
        <translation>OpenAI завершил соединение или перезапускается.{0}</translation>
    </message>
    <message>
        <source>OpenAI ends a connection after 60 minutes; a new one takes over before. 0: no limit.</source>
        <translation>OpenAI завершает соединение через 60 минут; новое принимает работу раньше. 0: без предела.</translation>
    </message>
    <message>
        <source>OpenAI has too many requests from this project.</source>
        <translation>От этого проекта у OpenAI слишком много запросов.</translation>
    </message>
    <message>
        <source>OpenAI has too much to do just now.{0}</source>
        <translation>OpenAI сейчас перегружен.{0}</translation>
    </message>
    <message>
        <source>OpenAI is busy and asks to come back later.{0}</source>
        <translation>OpenAI занят и просит вернуться позже.{0}</translation>
    </message>
    <message>
        <source>OpenAI knows no such model, or the project may not use it.</source>
        <translation>OpenAI не знает такой модели, или проекту она не разрешена.</translation>
    </message>
    <message>
        <source>OpenAI refused the API key.</source>
        <translation>OpenAI не принял ключ API.</translation>
    </message>
    <message>
        <source>OpenAI refused the request.{0}</source>
        <translation>OpenAI отклонил запрос.{0}</translation>
    </message>
    <message>
        <source>OpenAI refused the settings of this connection.</source>
        <translation>OpenAI не принял настройки этого соединения.</translation>
    </message>
    <message>
        <source>OpenAI refused this connection.{0}</source>
        <translation>OpenAI отклонил это соединение.{0}</translation>
    </message>
    <message>
        <source>OpenAI reported a failure of its own.</source>
        <translation>OpenAI сообщил о сбое на своей стороне.</translation>
    </message>
    <message>
        <source>OpenAI reported “{0}”.</source>
        <translation>OpenAI сообщил: «{0}».</translation>
    </message>
    <message>
        <source>OpenAI sent something that is not its protocol: {0}.</source>
        <translation>OpenAI прислал то, чего нет в его протоколе: {0}.</translation>
    </message>
    <message>
        <source>OpenAI takes no audio of the form “{0}”.</source>
        <translation>OpenAI не принимает звук вида «{0}».</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>Организация</translation>
    </message>
    <message>
        <source>Other model</source>
        <translation>Другая модель</translation>
    </message>
    <message>
        <source>Patience after a commit</source>
        <translation>Ожидание после фиксации</translation>
    </message>
    <message>
        <source>Programs that need another way: program (as in its window class), method (paste, type or copy) and keys (the program&apos;s own paste keys).</source>
        <translation>Программы, которым нужен другой способ: программа (её класс окна), способ (paste, type или copy) и клавиши вставки этой программы.</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Проект</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Подсказка</translation>
    </message>
    <message>
        <source>Providers that cost money get nothing more; the recording is kept.</source>
        <translation>Платные провайдеры больше ничего не получают; запись сохраняется.</translation>
    </message>
    <message>
        <source>Punctuation and capitals</source>
        <translation>Знаки препинания и прописные буквы</translation>
    </message>
    <message>
        <source>Puts asterisks in their place.</source>
        <translation>Ставит вместо них звёздочки.</translation>
    </message>
    <message>
        <source>Puts in punctuation and capital letters.</source>
        <translation>Расставляет знаки препинания и прописные буквы.</translation>
    </message>
    <message>
        <source>QtMultimedia needs an application object</source>
        <translation>QtMultimedia нужен объект приложения</translation>
    </message>
    <message>
        <source>Quick; your clipboard comes back afterwards.</source>
        <translation>Быстро; ваш буфер обмена потом возвращается.</translation>
    </message>
    <message>
        <source>Quickest text</source>
        <translation>Быстрее всего</translation>
    </message>
    <message>
        <source>Reacts less to other people and noise. Word times are not available with it.</source>
        <translation>Меньше реагирует на других людей и шум. Время слов при этом недоступно.</translation>
    </message>
    <message>
        <source>Readable by you alone, not encrypted; for systems without a key store.</source>
        <translation>Читать можете только вы, без шифрования; для систем без хранилища ключей.</translation>
    </message>
    <message>
        <source>Ready with the model {0}.</source>
        <translation>Готово, модель {0}.</translation>
    </message>
    <message>
        <source>Ready, with modest accuracy; English only.</source>
        <translation>Готово, точность скромная; только английский.</translation>
    </message>
    <message>
        <source>Recognition failed at ElevenLabs.</source>
        <translation>На стороне ElevenLabs распознавание не удалось.</translation>
    </message>
    <message>
        <source>Recognition in more than a hundred languages, live and of files; needs a Google Cloud account, a network, and Google&apos;s client library.</source>
        <translation>Распознавание более чем на ста языках, вживую и из файлов; нужны учётная запись Google Cloud, сеть и клиентская библиотека Google.</translation>
    </message>
    <message>
        <source>Reconnect after any error</source>
        <translation>Пересоединяться после любой ошибки</translation>
    </message>
    <message>
        <source>Recordings of takes that arrived are deleted after this long. 0: at once. A take that failed stays until it is retried or discarded.</source>
        <translation>Через столько времени удаляется звук записей, которые стали текстом. 0: сразу. Неудавшаяся запись остаётся, пока её не повторят или не удалят.</translation>
    </message>
    <message>
        <source>Records this much longer after the key is released, so that the last syllable is not cut off.</source>
        <translation>Записывает ещё столько времени после отпускания клавиши, чтобы последний слог не обрезался.</translation>
    </message>
    <message>
        <source>Records while the key is down.</source>
        <translation>Записывает, пока клавиша нажата.</translation>
    </message>
    <message>
        <source>Redact</source>
        <translation>Убирать из текста</translation>
    </message>
    <message>
        <source>Redact entities</source>
        <translation>Скрывать данные</translation>
    </message>
    <message>
        <source>Redacted as</source>
        <translation>Заменять на</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Регион</translation>
    </message>
    <message>
        <source>Removes what was inserted last, if it is still there. Empty: none.</source>
        <translation>Убирает вставленное последним, если оно ещё на месте. Пусто: без клавиши.</translation>
    </message>
    <message>
        <source>Report entities</source>
        <translation>Отмечать данные</translation>
    </message>
    <message>
        <source>Report starts and ends of speech</source>
        <translation>Сообщать о начале и конце речи</translation>
    </message>
    <message>
        <source>Rewrite by instruction</source>
        <translation>Переписывать по указанию</translation>
    </message>
    <message>
        <source>Rule {0} of insert.rules makes no sense: {1}</source>
        <translation>Правило {0} в insert.rules не имеет смысла: {1}</translation>
    </message>
    <message>
        <source>Rules per program</source>
        <translation>Правила для программ</translation>
    </message>
    <message>
        <source>Runs on</source>
        <translation>Работает на</translation>
    </message>
    <message>
        <source>Sample of your style</source>
        <translation>Образец вашего стиля</translation>
    </message>
    <message>
        <source>Sample rate of another server</source>
        <translation>Частота дискретизации другого сервера</translation>
    </message>
    <message>
        <source>Says so when this much of the budget is used. 0: no warning.</source>
        <translation>Предупреждает, когда израсходована такая часть бюджета. 0: без предупреждения.</translation>
    </message>
    <message>
        <source>Says that nothing can be heard when only silence came for this long. 0: never.</source>
        <translation>Сообщает, что ничего не слышно, если столько времени идёт одна тишина. 0: никогда.</translation>
    </message>
    <message>
        <source>Scribe v2 Realtime</source>
        <translation>Scribe v2 Realtime</translation>
    </message>
    <message>
        <source>Scribe v2 Realtime Lite</source>
        <translation>Scribe v2 Realtime Lite</translation>
    </message>
    <message>
        <source>Scribe v2 Realtime Turbo</source>
        <translation>Scribe v2 Realtime Turbo</translation>
    </message>
    <message>
        <source>Scribe v2 Realtime is the one for dictation.</source>
        <translation>Для диктовки подходит Scribe v2 Realtime.</translation>
    </message>
    <message>
        <source>Scribe v3 Live</source>
        <translation>Scribe v3 Live</translation>
    </message>
    <message>
        <source>Seconds before the end. Earlier text stays as it is.</source>
        <translation>За сколько секунд до конца. Более ранний текст остаётся как есть.</translation>
    </message>
    <message>
        <source>Secret Service, Keychain or Credential Manager.</source>
        <translation>Secret Service, Связка ключей или Диспетчер учётных данных.</translation>
    </message>
    <message>
        <source>Self-hosted; a new connection for every utterance.</source>
        <translation>Собственный сервер; новое соединение для каждого высказывания.</translation>
    </message>
    <message>
        <source>Self-hosted; the older messages, model in the address.</source>
        <translation>Собственный сервер; сообщения старого вида, модель в адресе.</translation>
    </message>
    <message>
        <source>Send the word list</source>
        <translation>Отправлять список слов</translation>
    </message>
    <message>
        <source>Send the words before</source>
        <translation>Передавать предыдущие слова</translation>
    </message>
    <message>
        <source>Sends the vocabulary as key terms: at most 100, and about 500 syllables in all.</source>
        <translation>Отправляет словарь как ключевые слова: не больше 100 и около 500 слогов в сумме.</translation>
    </message>
    <message>
        <source>Sends the vocabulary as key terms: at most 50 of at most 20 characters. Costs 20 % more.</source>
        <translation>Отправляет словарь как ключевые слова: не больше 50, не длиннее 20 знаков. Дороже на 20 %.</translation>
    </message>
    <message>
        <source>Short</source>
        <translation>Короткая</translation>
    </message>
    <message>
        <source>Shortest</source>
        <translation>Самая короткая</translation>
    </message>
    <message>
        <source>Shortest silence</source>
        <translation>Самая короткая тишина</translation>
    </message>
    <message>
        <source>Shortest speech</source>
        <translation>Самая короткая речь</translation>
    </message>
    <message>
        <source>Silence hint after</source>
        <translation>Сообщать о тишине через</translation>
    </message>
    <message>
        <source>Singapore (residency)</source>
        <translation>Сингапур (хранение на месте)</translation>
    </message>
    <message>
        <source>Sound is sent</source>
        <translation>Звук отправляется</translation>
    </message>
    <message>
        <source>Sounds</source>
        <translation>Звуки</translation>
    </message>
    <message>
        <source>Space at the end</source>
        <translation>Пробел в конце</translation>
    </message>
    <message>
        <source>Speaches</source>
        <translation>Speaches</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>Речь</translation>
    </message>
    <message>
        <source>Spoken punctuation</source>
        <translation>Знаки препинания голосом</translation>
    </message>
    <message>
        <source>Start hidden</source>
        <translation>Запускать скрытым</translation>
    </message>
    <message>
        <source>Start of the connection</source>
        <translation>Начала соединения</translation>
    </message>
    <message>
        <source>Start of the segment</source>
        <translation>Начала фрагмента</translation>
    </message>
    <message>
        <source>Starts in the tray without opening the window.</source>
        <translation>Запускается в области уведомлений, не открывая окна.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановиться</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Хранение</translation>
    </message>
    <message>
        <source>Strength of the noise reduction</source>
        <translation>Сила подавления шума</translation>
    </message>
    <message>
        <source>System</source>
        <translation>Система</translation>
    </message>
    <message>
        <source>Tap or hold</source>
        <translation>Нажать или удерживать</translation>
    </message>
    <message>
        <source>Tell speakers apart</source>
        <translation>Различать говорящих</translation>
    </message>
    <message>
        <source>Text arrives by</source>
        <translation>Текст появляется</translation>
    </message>
    <message>
        <source>Texts in the history are deleted after this long. 0: nothing is written to the history.</source>
        <translation>Через столько времени тексты удаляются из истории. 0: в историю ничего не пишется.</translation>
    </message>
    <message>
        <source>The Deepgram balance is used up.</source>
        <translation>Средства на счёте Deepgram исчерпаны.</translation>
    </message>
    <message>
        <source>The ElevenLabs credits are used up.</source>
        <translation>Средства на счёте ElevenLabs исчерпаны.</translation>
    </message>
    <message>
        <source>The ElevenLabs credits are used up.{0}</source>
        <translation>Кредиты ElevenLabs закончились.{0}</translation>
    </message>
    <message>
        <source>The ElevenLabs key is right, but not for this region: it works with “{0}”.</source>
        <translation>Ключ ElevenLabs верный, но не для этого региона: он подходит для «{0}».</translation>
    </message>
    <message>
        <source>The OpenAI API key has no right to transcribe.</source>
        <translation>Ключ API OpenAI не даёт права на распознавание.</translation>
    </message>
    <message>
        <source>The OpenAI API key is right, but belongs to another region: enter its address. ({0})</source>
        <translation>Ключ API OpenAI верный, но относится к другому региону: укажите его адрес. ({0})</translation>
    </message>
    <message>
        <source>The OpenAI credits are used up.</source>
        <translation>Средства на счёте OpenAI исчерпаны.</translation>
    </message>
    <message>
        <source>The OpenAI credits are used up.{0}</source>
        <translation>Средства на счёте OpenAI исчерпаны.{0}</translation>
    </message>
    <message>
        <source>The Whisper model in {0} cannot be loaded ({1}). Remove it and download it again.</source>
        <translation>Модель Whisper в {0} не загружается ({1}). Удалите её и загрузите снова.</translation>
    </message>
    <message>
        <source>The Whisper model {0} is not in {1}.</source>
        <translation>Модели Whisper {0} нет в {1}.</translation>
    </message>
    <message>
        <source>The Whisper model {0} is not on this computer yet.</source>
        <translation>Модели Whisper {0} ещё нет на этом компьютере.</translation>
    </message>
    <message>
        <source>The X display {0} can&apos;t be reached: {1}</source>
        <translation>Дисплей X {0} недоступен: {1}</translation>
    </message>
    <message>
        <source>The address must begin with wss:// and name a host</source>
        <translation>Адрес должен начинаться с wss:// и содержать имя узла</translation>
    </message>
    <message>
        <source>The automatic choice takes nobody in the network: no sound leaves this computer.</source>
        <translation>Автоматический выбор не берёт никого в сети: звук не покидает этот компьютер.</translation>
    </message>
    <message>
        <source>The best engine on this computer that is ready.</source>
        <translation>Лучший из готовых движков этого компьютера.</translation>
    </message>
    <message>
        <source>The best; for a graphics card.</source>
        <translation>Лучшая; для видеокарты.</translation>
    </message>
    <message>
        <source>The built-in recogniser could not be loaded: {0}</source>
        <translation>Встроенное распознавание не загрузилось: {0}</translation>
    </message>
    <message>
        <source>The built-in recogniser is not fully installed: the package {0} is missing.</source>
        <translation>Встроенное распознавание установлено не полностью: нет пакета {0}.</translation>
    </message>
    <message>
        <source>The built-in recogniser knows English only, not {0}. Download a Whisper model or choose a provider.</source>
        <translation>Встроенное распознавание знает только английский, но не {0}. Загрузите модель Whisper или выберите сервис.</translation>
    </message>
    <message>
        <source>The chosen microphone ({0}) is not connected.</source>
        <translation>Выбранный микрофон ({0}) не подключён.</translation>
    </message>
    <message>
        <source>The connection to Deepgram broke.</source>
        <translation>Соединение с Deepgram прервалось.</translation>
    </message>
    <message>
        <source>The connection to ElevenLabs broke.</source>
        <translation>Соединение с ElevenLabs прервалось.</translation>
    </message>
    <message>
        <source>The connection to OpenAI broke.</source>
        <translation>Соединение с OpenAI оборвалось.</translation>
    </message>
    <message>
        <source>The connection to the display is closed.</source>
        <translation>Соединение с дисплеем закрыто.</translation>
    </message>
    <message>
        <source>The connection to {0} failed: {1}</source>
        <translation>Соединение с {0} не удалось: {1}</translation>
    </message>
    <message>
        <source>The connection to {0} has given no sign of life for {1} s</source>
        <translation>Соединение с {0} не подаёт признаков жизни уже {1} с</translation>
    </message>
    <message>
        <source>The credits at {0} are used up (HTTP 402)</source>
        <translation>Кредиты у {0} закончились (HTTP 402)</translation>
    </message>
    <message>
        <source>The disk of {0} is full.</source>
        <translation>Диск с папкой {0} заполнен.</translation>
    </message>
    <message>
        <source>The display did not answer when the key {0} was asked for.</source>
        <translation>Дисплей не ответил на запрос клавиши {0}.</translation>
    </message>
    <message>
        <source>The display refused: {0}</source>
        <translation>Дисплей отказал: {0}</translation>
    </message>
    <message>
        <source>The download of {0} from {1} broke off: {2}. What has arrived is kept; it will be continued.</source>
        <translation>Загрузка {0} с {1} прервалась: {2}. Полученное сохранено; загрузка продолжится с этого места.</translation>
    </message>
    <message>
        <source>The fastest for English.</source>
        <translation>Самая быстрая для английского.</translation>
    </message>
    <message>
        <source>The fastest; many mistakes.</source>
        <translation>Самая быстрая; много ошибок.</translation>
    </message>
    <message>
        <source>The first two show words while you speak, the others after each commit.</source>
        <translation>Первые две показывают слова, пока вы говорите, остальные — после каждой фиксации.</translation>
    </message>
    <message>
        <source>The folder {0} can&apos;t be used: {1}.</source>
        <translation>Папку {0} использовать нельзя: {1}.</translation>
    </message>
    <message>
        <source>The folder {0} holds no Whisper model in CTranslate2 form: {1} not found.</source>
        <translation>В папке {0} нет модели Whisper в формате CTranslate2: не найден {1}.</translation>
    </message>
    <message>
        <source>The instruction for rewriting has {0} characters; ElevenLabs takes {1}.</source>
        <translation>В указании для переписывания {0} знаков; ElevenLabs принимает {1}.</translation>
    </message>
    <message>
        <source>The key that works everywhere, such as F9, Right Ctrl, Pause or Ctrl+Alt+Space.</source>
        <translation>Клавиша, которая работает везде: например, F9, правый Ctrl, Pause или Ctrl+Alt+Пробел.</translation>
    </message>
    <message>
        <source>The key was not kept: {0} can&apos;t be written ({1}).</source>
        <translation>Ключ не сохранён: не удаётся записать {0} ({1}).</translation>
    </message>
    <message>
        <source>The key was not removed: {0}</source>
        <translation>Ключ не удалён: {0}</translation>
    </message>
    <message>
        <source>The key works at {0}, with the model {1}.</source>
        <translation>Ключ действует на {0}, с моделью {1}.</translation>
    </message>
    <message>
        <source>The key works at {0}.</source>
        <translation>Ключ подходит для {0}.</translation>
    </message>
    <message>
        <source>The key {0} can&apos;t be used on this system.</source>
        <translation>Клавишу {0} в этой системе использовать нельзя.</translation>
    </message>
    <message>
        <source>The key {0} is already taken by another program.</source>
        <translation>Клавиша {0} уже занята другой программой.</translation>
    </message>
    <message>
        <source>The key {0} is already used here for something else.</source>
        <translation>Клавиша {0} здесь уже используется для другого.</translation>
    </message>
    <message>
        <source>The key&apos;s way</source>
        <translation>Как работает клавиша</translation>
    </message>
    <message>
        <source>The language of menus, buttons and messages.</source>
        <translation>Язык меню, кнопок и сообщений.</translation>
    </message>
    <message>
        <source>The loudspeaker went away.</source>
        <translation>Динамик отключился.</translation>
    </message>
    <message>
        <source>The microphone can&apos;t be opened: {0}.</source>
        <translation>Микрофон не открывается: {0}.</translation>
    </message>
    <message>
        <source>The microphone gave no sound.</source>
        <translation>Микрофон не дал звука.</translation>
    </message>
    <message>
        <source>The microphone “{0}” stopped delivering sound.</source>
        <translation>Микрофон «{0}» перестал передавать звук.</translation>
    </message>
    <message>
        <source>The model before.</source>
        <translation>Предыдущая модель.</translation>
    </message>
    <message>
        <source>The model needs {0} on the disk of {1}; only {2} are free.</source>
        <translation>Для модели нужно {0} на диске с {1}; свободно только {2}.</translation>
    </message>
    <message>
        <source>The model {0} is nothing to download.</source>
        <translation>Модель {0} не нужно загружать.</translation>
    </message>
    <message>
        <source>The most accurate for dictation.</source>
        <translation>Самая точная для диктовки.</translation>
    </message>
    <message>
        <source>The name {0} cannot be looked up: no network, or a wrong address</source>
        <translation>Имя {0} не находится: нет сети или адрес неверен</translation>
    </message>
    <message>
        <source>The newest quick large one for English.</source>
        <translation>Новейшая быстрая большая модель для английского.</translation>
    </message>
    <message>
        <source>The other side broke the protocol: {0}</source>
        <translation>Другая сторона нарушила протокол: {0}</translation>
    </message>
    <message>
        <source>The program made a mistake ({0}); the log says more.</source>
        <translation>Ошибка программы ({0}); подробности в журнале.</translation>
    </message>
    <message>
        <source>The project that is billed, where it is not the key&apos;s own.</source>
        <translation>Проект, с которого списывается оплата, если это не проект ключа.</translation>
    </message>
    <message>
        <source>The provider did not answer.</source>
        <translation>Сервис не ответил.</translation>
    </message>
    <message>
        <source>The provider {0} can&apos;t be used: {1}</source>
        <translation>Сервис распознавания {0} использовать нельзя: {1}</translation>
    </message>
    <message>
        <source>The proxy did not let us through to {0}: {1}</source>
        <translation>Прокси не пропустил к {0}: {1}</translation>
    </message>
    <message>
        <source>The recogniser sent {0}</source>
        <translation>Распознаватель прислал {0}</translation>
    </message>
    <message>
        <source>The recogniser&apos;s process does not start: {0}</source>
        <translation>Процесс распознавателя не запускается: {0}</translation>
    </message>
    <message>
        <source>The recogniser&apos;s process ended unexpectedly (exit code {0}){1}</source>
        <translation>Процесс распознавателя неожиданно завершился (код {0}){1}</translation>
    </message>
    <message>
        <source>The recogniser&apos;s process is gone</source>
        <translation>Процесса распознавателя больше нет</translation>
    </message>
    <message>
        <source>The recogniser&apos;s process sent {0}</source>
        <translation>Процесс распознавателя прислал {0}</translation>
    </message>
    <message>
        <source>The recording can&apos;t be written to disk ({0}); it goes on in memory and is lost if the program ends.</source>
        <translation>Запись не пишется на диск ({0}); она продолжается в памяти и пропадёт при выходе из программы.</translation>
    </message>
    <message>
        <source>The recording {0} can&apos;t be read: {1}.</source>
        <translation>Запись {0} не читается: {1}.</translation>
    </message>
    <message>
        <source>The running Debabelizer did not answer within {0} s.</source>
        <translation>Запущенный Debabelizer не ответил за {0} с.</translation>
    </message>
    <message>
        <source>The running Debabelizer ended while it was asked.</source>
        <translation>Запущенный Debabelizer завершился, пока ему задавали вопрос.</translation>
    </message>
    <message>
        <source>The same, English only.</source>
        <translation>То же, только английский.</translation>
    </message>
    <message>
        <source>The server has no model “{0}”; it has {1}.</source>
        <translation>На сервере нет модели «{0}»; есть {1}.</translation>
    </message>
    <message>
        <source>The server, by meaning</source>
        <translation>Сервер, по смыслу</translation>
    </message>
    <message>
        <source>The server, by silence</source>
        <translation>Сервер, по тишине</translation>
    </message>
    <message>
        <source>The session failed by a fault of this program: {0}</source>
        <translation>Соединение прервалось из-за ошибки программы: {0}</translation>
    </message>
    <message>
        <source>The session is closed</source>
        <translation>Соединение закрыто</translation>
    </message>
    <message>
        <source>The session was closed</source>
        <translation>Соединение было закрыто</translation>
    </message>
    <message>
        <source>The settings file can&apos;t be read: {0}.</source>
        <translation>Файл настроек не читается: {0}.</translation>
    </message>
    <message>
        <source>The settings were not saved: {0} can&apos;t be written ({1}).</source>
        <translation>Настройки не сохранены: не удаётся записать {0} ({1}).</translation>
    </message>
    <message>
        <source>The sound server was restarted. Restart the program to use the microphone again.</source>
        <translation>Звуковой сервер был перезапущен. Перезапустите программу, чтобы снова использовать микрофон.</translation>
    </message>
    <message>
        <source>The speech detector&apos;s model is missing from this installation (package faster-whisper).</source>
        <translation>В этой установке нет модели детектора речи (пакет faster-whisper).</translation>
    </message>
    <message>
        <source>The spending limit at OpenAI is reached.</source>
        <translation>Достигнут предел расходов в OpenAI.</translation>
    </message>
    <message>
        <source>The system&apos;s key store</source>
        <translation>Системное хранилище ключей</translation>
    </message>
    <message>
        <source>The system&apos;s key store does not answer ({0}).</source>
        <translation>Системное хранилище ключей не отвечает ({0}).</translation>
    </message>
    <message>
        <source>The system&apos;s key store is locked and could not be opened.</source>
        <translation>Системное хранилище ключей заблокировано, и открыть его не удалось.</translation>
    </message>
    <message>
        <source>The take {0} can&apos;t be deleted: {1}.</source>
        <translation>Запись {0} не удаляется: {1}.</translation>
    </message>
    <message>
        <source>The take {0} can&apos;t be saved: {1}.</source>
        <translation>Запись {0} не сохраняется: {1}.</translation>
    </message>
    <message>
        <source>The text could not be inserted: {0}</source>
        <translation>Текст не удалось вставить: {0}</translation>
    </message>
    <message>
        <source>The text is in Debabelizer&apos;s own window.</source>
        <translation>Текст остался в окне Debabelizer.</translation>
    </message>
    <message>
        <source>The text was taken.</source>
        <translation>Текст принят.</translation>
    </message>
    <message>
        <source>The value of {0} can&apos;t be used: {1}.</source>
        <translation>Значение {0} использовать нельзя: {1}.</translation>
    </message>
    <message>
        <source>The vendor does not say; other programs read them as counted from the start of the connection.</source>
        <translation>Поставщик не уточняет; другие программы считают от начала соединения.</translation>
    </message>
    <message>
        <source>The vendor says that most errors leave a connection usable; other programs reconnect after each.</source>
        <translation>По словам сервиса, после большинства ошибок соединение пригодно; другие программы пересоединяются после каждой.</translation>
    </message>
    <message>
        <source>The {0} process sent something unexpected.</source>
        <translation>Процесс {0} прислал нечто неожиданное.</translation>
    </message>
    <message>
        <source>The {0} process stopped unexpectedly.{1}</source>
        <translation>Процесс {0} неожиданно остановился.{1}</translation>
    </message>
    <message>
        <source>There is a server at {0}, with the model {1}.</source>
        <translation>На {0} есть сервер с моделью {1}.</translation>
    </message>
    <message>
        <source>There is no Deepgram service at this address.</source>
        <translation>По этому адресу нет сервиса Deepgram.</translation>
    </message>
    <message>
        <source>There is no Whisper model {0}; there are {1}.</source>
        <translation>Модели Whisper {0} нет; есть {1}.</translation>
    </message>
    <message>
        <source>There is no desktop here.</source>
        <translation>Здесь нет рабочего стола.</translation>
    </message>
    <message>
        <source>There is no file {0}.</source>
        <translation>Файла {0} нет.</translation>
    </message>
    <message>
        <source>There is no kind of server called “{0}”.</source>
        <translation>Нет вида сервера с названием «{0}».</translation>
    </message>
    <message>
        <source>There is no provider {0}; there are {1}.</source>
        <translation>Сервиса распознавания {0} нет; есть {1}.</translation>
    </message>
    <message>
        <source>There is no setting behind {0}.</source>
        <translation>За {0} не стоит никакая настройка.</translation>
    </message>
    <message>
        <source>There is no setting {0}.</source>
        <translation>Настройки {0} нет.</translation>
    </message>
    <message>
        <source>There is no such service at this address.{0}</source>
        <translation>По этому адресу нет такой службы.{0}</translation>
    </message>
    <message>
        <source>This keyboard has no key {0}.</source>
        <translation>На этой клавиатуре нет клавиши {0}.</translation>
    </message>
    <message>
        <source>This line{0} can&apos;t be read: {1}.</source>
        <translation>Эта строка{0} не читается: {1}.</translation>
    </message>
    <message>
        <source>This month&apos;s budget of ${0} is used up (${1}): {2} gets nothing more to hear. Raise it under Settings, Costs (budget.usd){3}.</source>
        <translation>Бюджет этого месяца, ${0}, израсходован (${1}): {2} больше ничего не услышит. Увеличьте его в настройках, раздел «Расходы» (budget.usd){3}.</translation>
    </message>
    <message>
        <source>This program</source>
        <translation>Эта программа</translation>
    </message>
    <message>
        <source>This program may not use the microphone. Allow it in the system&apos;s privacy settings.</source>
        <translation>Программе нельзя использовать микрофон. Разрешите это в настройках конфиденциальности системы.</translation>
    </message>
    <message>
        <source>This recording is no longer there.</source>
        <translation>Этой записи больше нет.</translation>
    </message>
    <message>
        <source>This system does not tell whether a program has taken the text.</source>
        <translation>Эта система не сообщает, приняла ли программа текст.</translation>
    </message>
    <message>
        <source>This system has no key store.</source>
        <translation>В этой системе нет хранилища ключей.</translation>
    </message>
    <message>
        <source>Throws the running take away. Works only while one is running. Empty: none.</source>
        <translation>Отбрасывает текущую запись. Работает только во время записи. Пусто: без клавиши.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. Deepgram names 1.25 as the limit; a self-hosted one may take more.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после потери соединения. Предел, по словам Deepgram, — 1,25; собственный сервер может принять больше.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. The vendor names no limit.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после обрыва. Сервис предела не называет.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. Too fast is refused.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после обрыва. Слишком быстрый отклоняется.</translation>
    </message>
    <message>
        <source>Tried even if it failed before.</source>
        <translation>Пробовать, даже если раньше не получалось.</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>Неполадки</translation>
    </message>
    <message>
        <source>Turns “comma” and “new line” into signs. English only.</source>
        <translation>Превращает «comma» и «new line» в знаки. Только для английского.</translation>
    </message>
    <message>
        <source>Typing</source>
        <translation>Печатью</translation>
    </message>
    <message>
        <source>US dollars</source>
        <translation>долларов США</translation>
    </message>
    <message>
        <source>Undo key</source>
        <translation>Клавиша отмены вставки</translation>
    </message>
    <message>
        <source>United States</source>
        <translation>США</translation>
    </message>
    <message>
        <source>Voice threshold</source>
        <translation>Порог голоса</translation>
    </message>
    <message>
        <source>Waiting longer before words are shown makes them more accurate. GPT Realtime Whisper only.</source>
        <translation>Чем дольше ожидание перед показом слов, тем они точнее. Только GPT Realtime Whisper.</translation>
    </message>
    <message>
        <source>Warning at</source>
        <translation>Предупреждать при</translation>
    </message>
    <message>
        <source>Wayland lets no program press keys in another one; the text is left on the clipboard.</source>
        <translation>В Wayland программа не может нажимать клавиши в другой; текст остаётся в буфере обмена.</translation>
    </message>
    <message>
        <source>What answers at the other address. The realtime protocol differs from server to server.</source>
        <translation>Что отвечает по другому адресу. Протокол у разных серверов разный.</translation>
    </message>
    <message>
        <source>What costs nothing comes first.</source>
        <translation>Сначала то, что ничего не стоит.</translation>
    </message>
    <message>
        <source>What happens</source>
        <translation>Что происходит</translation>
    </message>
    <message>
        <source>What is being said is never cut off; this is about the next take and the next file.</source>
        <translation>То, что говорится сейчас, никогда не прерывается; речь о следующей записи и следующем файле.</translation>
    </message>
    <message>
        <source>What is kept from before the server heard a voice.</source>
        <translation>Что сохраняется из звука до того, как сервер услышал голос.</translation>
    </message>
    <message>
        <source>What is shown over other windows while you dictate.</source>
        <translation>Что показывать поверх других окон во время диктовки.</translation>
    </message>
    <message>
        <source>What pressing and releasing the key does.</source>
        <translation>Что делают нажатие и отпускание клавиши.</translation>
    </message>
    <message>
        <source>What providers may cost in a calendar month, by the prices of `usage.prices` and the list prices. 0: no limit.</source>
        <translation>Сколько провайдеры могут стоить за календарный месяц, по ценам из `usage.prices` и прейскурантам. 0: без предела.</translation>
    </message>
    <message>
        <source>What stands in place of what was redacted.</source>
        <translation>Что ставится на место скрытого.</translation>
    </message>
    <message>
        <source>What the file says</source>
        <translation>Что написано в файле</translation>
    </message>
    <message>
        <source>What the speech is about, for models that take a prompt.</source>
        <translation>О чём речь, для моделей, принимающих подсказку.</translation>
    </message>
    <message>
        <source>What to do with each finished text, in plain words, up to 2000 characters. Costs 30 % more, at least 10 s per text. Not together with entities.</source>
        <translation>Что делать с каждым готовым текстом, простыми словами, до 2000 знаков. Дороже на 30 %, не меньше 10 с на текст. Не вместе с поиском данных.</translation>
    </message>
    <message>
        <source>What you speak, as language tags such as en, ru or pt-BR. None: the provider finds out, if it can.</source>
        <translation>На каких языках вы говорите, метками вроде en, ru или pt-BR. Пусто: сервис определит сам, если умеет.</translation>
    </message>
    <message>
        <source>When it is used up</source>
        <translation>Когда он израсходован</translation>
    </message>
    <message>
        <source>Where speech is processed. The residency regions need an account that lives there.</source>
        <translation>Где обрабатывается речь. Для регионов с хранением на месте нужна учётная запись оттуда.</translation>
    </message>
    <message>
        <source>Where speech is processed. The same key works in all of them.</source>
        <translation>Где обрабатывается речь. Один и тот же ключ годится везде.</translation>
    </message>
    <message>
        <source>Where the providers&apos; keys live. An environment variable always wins.</source>
        <translation>Где лежат ключи сервисов. Переменная окружения всегда важнее.</translation>
    </message>
    <message>
        <source>Where you pay something else than the list price: US dollars per hour of sound (of spoken text: per million characters), as provider=price or provider/model=price.</source>
        <translation>Если вы платите не по прейскуранту: доллары США за час звука (за произнесённый текст — за миллион знаков), в виде провайдер=цена или провайдер/модель=цена.</translation>
    </message>
    <message>
        <source>Which microphone to listen to. Empty: the system&apos;s default.</source>
        <translation>Какой микрофон слушать. Пусто: системный.</translation>
    </message>
    <message>
        <source>Which provider listens where none is chosen. What this computer has measured counts as well: one that failed again and again comes last, and the quicker one comes first where speed is wanted.</source>
        <translation>Какой провайдер слушает, если ни один не выбран. Учитывается и измеренное на этом компьютере: тот, что раз за разом отказывал, становится последним, а более быстрый — первым, когда важна скорость.</translation>
    </message>
    <message>
        <source>While catching up. The vendor refuses messages that are too long and does not publish the limit.</source>
        <translation>При навёрстывании. Поставщик отклоняет слишком длинные сообщения и не публикует предел.</translation>
    </message>
    <message>
        <source>While speaking</source>
        <translation>Во время речи</translation>
    </message>
    <message>
        <source>While you speak, or only when you press Send chunk, Commit or Stop.</source>
        <translation>Пока вы говорите или только по кнопкам «Отправить», «Готово» и «Стоп».</translation>
    </message>
    <message>
        <source>Whisper</source>
        <translation>Whisper</translation>
    </message>
    <message>
        <source>Whisper failed: {0}</source>
        <translation>Сбой Whisper: {0}</translation>
    </message>
    <message>
        <source>Whisper is not fully installed: the package faster-whisper is missing.</source>
        <translation>Whisper установлен не полностью: нет пакета faster-whisper.</translation>
    </message>
    <message>
        <source>Whisper on this computer</source>
        <translation>Whisper на этом компьютере</translation>
    </message>
    <message>
        <source>Who finds the pauses when segments end at pauses. Only the models of the GPT-4o family, Whisper and other servers&apos; can; for the rest it is always this program.</source>
        <translation>Кто находит паузы, когда фрагменты кончаются на паузах. Это умеют только модели семейства GPT-4o, Whisper и модели других серверов; для остальных это всегда делает программа.</translation>
    </message>
    <message>
        <source>Who turns speech into text. Automatic takes the first that is ready: one with a key, then one with a downloaded model, then the built-in recogniser.</source>
        <translation>Кто превращает речь в текст. Автоматически — первый готовый: с ключом, затем с загруженной моделью, затем встроенное распознавание.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Окно</translation>
    </message>
    <message>
        <source>With several languages, tells which. Newer than the published reference of Nova; switch it off where the connection is refused.</source>
        <translation>Если языков несколько, сообщает какие. Новее опубликованного описания Nova; выключите, если в соединении отказано.</translation>
    </message>
    <message>
        <source>Word list</source>
        <translation>Список слов</translation>
    </message>
    <message>
        <source>Word times</source>
        <translation>Время слов</translation>
    </message>
    <message>
        <source>Word times count from</source>
        <translation>Время слов считать от</translation>
    </message>
    <message>
        <source>Words while you speak; delay to choose.</source>
        <translation>Слова, пока вы говорите; задержка на выбор.</translation>
    </message>
    <message>
        <source>Words while you speak; takes a word list and several languages.</source>
        <translation>Слова, пока вы говорите; принимает список слов и несколько языков.</translation>
    </message>
    <message>
        <source>Works at once, offline and without a key, in English only; its accuracy is modest: expect wrong words in every other sentence. Download a Whisper model or enter a provider&apos;s key for text you can rely on.</source>
        <translation>Работает сразу, без сети и без ключа, только на английском; точность скромная: ждите ошибок в каждом втором предложении. Для надёжного текста загрузите модель Whisper или введите ключ сервиса.</translation>
    </message>
    <message>
        <source>Writes dates, times, sums and addresses as usual.</source>
        <translation>Записывает даты, время, суммы и адреса как принято.</translation>
    </message>
    <message>
        <source>Writes “nine hundred” as 900.</source>
        <translation>Пишет «девятьсот» как 900.</translation>
    </message>
    <message>
        <source>Writes “uh” and “um”, too. Not documented for live use.</source>
        <translation>Записывает и «э», и «мм». Для распознавания на лету в документации не описано.</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Да</translation>
    </message>
    <message>
        <source>Yes, first version</source>
        <translation>Да, первая версия</translation>
    </message>
    <message>
        <source>Your own prices</source>
        <translation>Ваши собственные цены</translation>
    </message>
    <message>
        <source>a capture records once</source>
        <translation>один захват записывает один раз</translation>
    </message>
    <message>
        <source>a frame of kind {0}</source>
        <translation>кадр вида {0}</translation>
    </message>
    <message>
        <source>a frame of {0} bytes</source>
        <translation>кадр из {0} байт</translation>
    </message>
    <message>
        <source>a rule lacks its program</source>
        <translation>в правиле нет программы</translation>
    </message>
    <message>
        <source>a session needs a provider</source>
        <translation>соединению нужен сервис</translation>
    </message>
    <message>
        <source>audio must come in whole samples of two bytes</source>
        <translation>звук должен состоять из целых отсчётов по два байта</translation>
    </message>
    <message>
        <source>base (145 MB)</source>
        <translation>base (145 МБ)</translation>
    </message>
    <message>
        <source>base.en (145 MB)</source>
        <translation>base.en (145 МБ)</translation>
    </message>
    <message>
        <source>bfloat16</source>
        <translation>bfloat16</translation>
    </message>
    <message>
        <source>days</source>
        <translation>дней</translation>
    </message>
    <message>
        <source>distil-large-v2 (1.5 GB)</source>
        <translation>distil-large-v2 (1,5 ГБ)</translation>
    </message>
    <message>
        <source>distil-large-v3 (1.5 GB)</source>
        <translation>distil-large-v3 (1,5 ГБ)</translation>
    </message>
    <message>
        <source>distil-large-v3.5 (1.5 GB)</source>
        <translation>distil-large-v3.5 (1,5 ГБ)</translation>
    </message>
    <message>
        <source>distil-medium.en (790 MB)</source>
        <translation>distil-medium.en (790 МБ)</translation>
    </message>
    <message>
        <source>distil-small.en (335 MB)</source>
        <translation>distil-small.en (335 МБ)</translation>
    </message>
    <message>
        <source>float16</source>
        <translation>float16</translation>
    </message>
    <message>
        <source>float32</source>
        <translation>float32</translation>
    </message>
    <message>
        <source>int8</source>
        <translation>int8</translation>
    </message>
    <message>
        <source>int8 with float16</source>
        <translation>int8 с float16</translation>
    </message>
    <message>
        <source>it holds a zero character</source>
        <translation>в нём есть нулевой знак</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>он пуст</translation>
    </message>
    <message>
        <source>it is not a list</source>
        <translation>это не список</translation>
    </message>
    <message>
        <source>it is not a list of tables</source>
        <translation>это не список таблиц</translation>
    </message>
    <message>
        <source>it is not a text</source>
        <translation>это не текст</translation>
    </message>
    <message>
        <source>it is not valid JSON</source>
        <translation>это не правильный JSON</translation>
    </message>
    <message>
        <source>its checksum is wrong</source>
        <translation>контрольная сумма неверна</translation>
    </message>
    <message>
        <source>large-v2 (3.1 GB)</source>
        <translation>large-v2 (3,1 ГБ)</translation>
    </message>
    <message>
        <source>large-v3 (3.1 GB)</source>
        <translation>large-v3 (3,1 ГБ)</translation>
    </message>
    <message>
        <source>large-v3-turbo (1.6 GB)</source>
        <translation>large-v3-turbo (1,6 ГБ)</translation>
    </message>
    <message>
        <source>macOS asks for the permissions Input Monitoring and Accessibility.</source>
        <translation>macOS попросит разрешения «Мониторинг ввода» и «Универсальный доступ».</translation>
    </message>
    <message>
        <source>medium (1.5 GB)</source>
        <translation>medium (1,5 ГБ)</translation>
    </message>
    <message>
        <source>medium.en (1.5 GB)</source>
        <translation>medium.en (1,5 ГБ)</translation>
    </message>
    <message>
        <source>min</source>
        <translation>мин</translation>
    </message>
    <message>
        <source>ms</source>
        <translation>мс</translation>
    </message>
    <message>
        <source>s</source>
        <translation>с</translation>
    </message>
    <message>
        <source>{0} is empty. Choose a recording with sound.</source>
        <translation>{0} пуст. Выберите запись со звуком.</translation>
    </message>
    <message>
        <source>{0} is larger than {1} MB, the most that is read.</source>
        <translation>{0} больше {1} МБ, а больше не читается.</translation>
    </message>
    <message>
        <source>{0} is no number</source>
        <translation>{0} — не число</translation>
    </message>
    <message>
        <source>{0} is not like {1}</source>
        <translation>{0} не похоже на {1}</translation>
    </message>
    <message>
        <source>{0} is used without a key</source>
        <translation>{0} используется без ключа</translation>
    </message>
    <message>
        <source>{0} refused the connection (HTTP {1}){2}</source>
        <translation>{0} отказал в соединении (HTTP {1}){2}</translation>
    </message>
    <message>
        <source>no message yet</source>
        <translation>ещё ни одного сообщения</translation>
    </message>
    <message>
        <source>1 March 2026</source>
        <translation>1 марта 2026 г.</translation>
    </message>
    <message>
        <source>14 August 2026</source>
        <translation>14 августа 2026 г.</translation>
    </message>
    <message>
        <source>16 April 2025</source>
        <translation>16 апреля 2025 г.</translation>
    </message>
    <message>
        <source>A hundred languages, one at a time; no word list.</source>
        <translation>Сто языков, по одному за раз; без списка слов.</translation>
    </message>
    <message>
        <source>A short recording for Azure must be WAV, 16-bit mono 16 kHz.</source>
        <translation>Короткая запись для Azure должна быть WAV, 16 бит, моно, 16 кГц.</translation>
    </message>
    <message>
        <source>Abbreviate measures</source>
        <translation>Сокращать единицы измерения</translation>
    </message>
    <message>
        <source>Above 0, segments end sooner; below 0, later. Models before v5 refuse anything but 0.</source>
        <translation>Выше 0 фразы заканчиваются раньше, ниже 0 — позже. Модели до v5 принимают только 0.</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Учётная запись</translation>
    </message>
    <message>
        <source>Accurate recognition, live and of files, also through gateways and servers of your own; no word times.</source>
        <translation>Точное распознавание, вживую и из файлов, также через шлюзы и собственные серверы; без времени слов.</translation>
    </message>
    <message>
        <source>Accurate, inexpensive live recognition in some sixty languages, mixed as they come; needs a key and a network.</source>
        <translation>Точное и недорогое живое распознавание примерно на шестидесяти языках, вперемешку, как они звучат; нужны ключ и сеть.</translation>
    </message>
    <message>
        <source>Address of a company&apos;s own gateway, in place of Cartesia&apos;s. The key is sent there.</source>
        <translation>Адрес собственного шлюза компании вместо Cartesia. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Address of a company&apos;s own gateway, in place of the region&apos;s. The key is sent there.</source>
        <translation>Адрес собственного шлюза компании вместо адреса региона. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Address of another Soniox or of a company&apos;s own gateway, in place of the region&apos;s. The key is sent there.</source>
        <translation>Адрес другого сервера Soniox или собственного шлюза компании вместо адреса региона. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Address of the proxy that leads out of your network, such as http://proxy.example:3128. Empty: that of the environment or the system, if there is one.</source>
        <translation>Адрес прокси, через который ваша сеть выходит наружу, например http://proxy.example:3128. Пусто: тот, что задан в окружении или в системе, если он есть.</translation>
    </message>
    <message>
        <source>After 15 minutes</source>
        <translation>Через 15 минут</translation>
    </message>
    <message>
        <source>After 5 minutes</source>
        <translation>Через 5 минут</translation>
    </message>
    <message>
        <source>After a minute</source>
        <translation>Через минуту</translation>
    </message>
    <message>
        <source>After a take the whole recording is understood once more, and what was wrong in the transcript is corrected. Text that is already in another program is left alone; you are asked.</source>
        <translation>После записи она распознаётся ещё раз целиком, и ошибки в тексте исправляются. Текст, который уже попал в другую программу, не меняется без вопроса.</translation>
    </message>
    <message>
        <source>After an hour</source>
        <translation>Через час</translation>
    </message>
    <message>
        <source>After two minutes where an idle connection costs money, else never.</source>
        <translation>Через две минуты там, где простаивающее соединение стоит денег, иначе никогда.</translation>
    </message>
    <message>
        <source>Afterwards</source>
        <translation>После распознавания</translation>
    </message>
    <message>
        <source>Agent and customer, in calls. Costs 10 % more.</source>
        <translation>Оператор и клиент, в звонках. На 10 % дороже.</translation>
    </message>
    <message>
        <source>All languages, mixed as they come.</source>
        <translation>Все языки, вперемешку, как они звучат.</translation>
    </message>
    <message>
        <source>All the time</source>
        <translation>Всё время</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Всегда</translation>
    </message>
    <message>
        <source>An API key opens no bucket: set a service account key, or leave “Bucket for long recordings” empty.</source>
        <translation>Ключ API не открывает хранилище: задайте ключ сервисного аккаунта или оставьте «Хранилище для длинных записей» пустым.</translation>
    </message>
    <message>
        <source>Answer of another server</source>
        <translation>Ответ другого сервера</translation>
    </message>
    <message>
        <source>Anywhere</source>
        <translation>Где угодно</translation>
    </message>
    <message>
        <source>As live speech</source>
        <translation>Как живая речь</translation>
    </message>
    <message>
        <source>As the model does it</source>
        <translation>Как делает модель</translation>
    </message>
    <message>
        <source>Asks for a temporary key that is good for one connection, so that the key never travels with the audio. The key needs the permission to make temporary keys.</source>
        <translation>Запрашивает временный ключ, годный для одного соединения, чтобы сам ключ не передавался вместе со звуком. Ключу нужно право создавать временные ключи.</translation>
    </message>
    <message>
        <source>Asks for a token that is good for a minute, so that the key never travels with the audio.</source>
        <translation>Запрашивает токен, годный одну минуту, чтобы ключ не передавался вместе со звуком.</translation>
    </message>
    <message>
        <source>Asks for a token that is good for ten minutes, so that the key never travels with the audio.</source>
        <translation>Запрашивает токен, годный десять минут, чтобы ключ не передавался вместе со звуком.</translation>
    </message>
    <message>
        <source>Asks how sure Google is of each word. Not with Chirp 3.</source>
        <translation>Спрашивает, насколько Google уверен в каждом слове. Не с Chirp 3.</translation>
    </message>
    <message>
        <source>Asks when each word was said.</source>
        <translation>Спрашивает, когда было сказано каждое слово.</translation>
    </message>
    <message>
        <source>Asterisks</source>
        <translation>Звёздочки</translation>
    </message>
    <message>
        <source>At OpenAI itself. A server of your own sends its text at the end.</source>
        <translation>У самого OpenAI. Собственный сервер присылает текст в конце.</translation>
    </message>
    <message>
        <source>At most so many. 0: the provider finds out.</source>
        <translation>Не больше этого числа. 0: провайдер выясняет сам.</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Сразу</translation>
    </message>
    <message>
        <source>At the end of a sentence; not in all languages.</source>
        <translation>В конце предложения; не на всех языках.</translation>
    </message>
    <message>
        <source>At the start of each utterance, among at most 4.</source>
        <translation>В начале каждого высказывания, самое большее из 4.</translation>
    </message>
    <message>
        <source>Audio and text are kept for you for thirty days.</source>
        <translation>Звук и текст хранятся для вас тридцать дней.</translation>
    </message>
    <message>
        <source>Audio and text go to OpenAI under your project&apos;s data controls, or to the server at the address you give.</source>
        <translation>Звук и текст отправляются в OpenAI по правилам обращения с данными вашего проекта или на сервер по указанному вами адресу.</translation>
    </message>
    <message>
        <source>Audio can&apos;t be written as “{0}”; there are {1}.</source>
        <translation>Звук нельзя записать как «{0}»; есть {1}.</translation>
    </message>
    <message>
        <source>Audio can&apos;t be written with {0} channels; 1 to {1} can.</source>
        <translation>Звук нельзя записать с {0} каналами; можно с 1–{1}.</translation>
    </message>
    <message>
        <source>Audio goes to Cartesia and is kept as its terms for your plan say. Silence is billed, too.</source>
        <translation>Звук отправляется в Cartesia и хранится по условиям вашего тарифа. Тишина тоже оплачивается.</translation>
    </message>
    <message>
        <source>Audio goes to Google Cloud in the region chosen; it is not kept unless data logging is switched on for the project.</source>
        <translation>Звук отправляется в Google Cloud в выбранном регионе; он не хранится, если для проекта не включено сохранение данных.</translation>
    </message>
    <message>
        <source>Audio goes to Microsoft in the region of your resource, and is not kept unless you allow it.</source>
        <translation>Звук отправляется в Microsoft в регионе вашего ресурса и не хранится, если вы этого не разрешили.</translation>
    </message>
    <message>
        <source>Audio goes to Soniox in the region chosen and is not used to train its models; recordings sent whole are deleted there as soon as their text has come.</source>
        <translation>Звук отправляется в Soniox в выбранном регионе и не используется для обучения моделей; записи, отправленные целиком, удаляются там, как только приходит их текст.</translation>
    </message>
    <message>
        <source>Automatic takes “Chirp 3”, or “Long” in version 1 of the interface.</source>
        <translation>Автоматически: «Chirp 3», а в версии 1 интерфейса — «Long».</translation>
    </message>
    <message>
        <source>Automatic takes “Long” where the language is chosen, and “Chirp 3” where it has to be found out.</source>
        <translation>Автоматически: «Long», если язык выбран, и «Chirp 3», если его нужно определить.</translation>
    </message>
    <message>
        <source>Automatic: Ink-2 for English, Ink-Whisper for any other language.</source>
        <translation>Автоматически: Ink-2 для английского, Ink-Whisper для любого другого языка.</translation>
    </message>
    <message>
        <source>Azure Speech</source>
        <translation>Azure Speech</translation>
    </message>
    <message>
        <source>Azure closed the connection with code {0}.</source>
        <translation>Azure закрыл соединение с кодом {0}.</translation>
    </message>
    <message>
        <source>Azure does not recognise the language “{0}”.</source>
        <translation>Azure не распознаёт язык «{0}».</translation>
    </message>
    <message>
        <source>Azure ended {0} turns in a row without a word about the audio.</source>
        <translation>Azure завершил {0} раундов подряд, ничего не сказав о звуке.</translation>
    </message>
    <message>
        <source>Azure has no model called “{0}”.</source>
        <translation>У Azure нет модели «{0}».</translation>
    </message>
    <message>
        <source>Azure has too many recognitions from this resource at once.</source>
        <translation>У Azure слишком много одновременных распознаваний с этого ресурса.</translation>
    </message>
    <message>
        <source>Azure is busy and asks to come back later.</source>
        <translation>Azure занят и просит зайти позже.</translation>
    </message>
    <message>
        <source>Azure is restarting.</source>
        <translation>Azure перезапускается.</translation>
    </message>
    <message>
        <source>Azure needs a language, or languages to choose from.</source>
        <translation>Azure нужен язык или языки, из которых выбирать.</translation>
    </message>
    <message>
        <source>Azure refused the settings or the audio.</source>
        <translation>Azure отклонил настройки или звук.</translation>
    </message>
    <message>
        <source>Azure reported “{0}”.</source>
        <translation>Azure сообщил: «{0}».</translation>
    </message>
    <message>
        <source>Azure says that the quota of this resource is exceeded.</source>
        <translation>Azure говорит, что квота этого ресурса превышена.</translation>
    </message>
    <message>
        <source>Azure sent something that is not its protocol: {0}.</source>
        <translation>Azure прислал то, чего нет в его протоколе: {0}.</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Контекст</translation>
    </message>
    <message>
        <source>Below this Ink-2 ends the turn.</source>
        <translation>Ниже этого значения Ink-2 завершает реплику.</translation>
    </message>
    <message>
        <source>Below this Ink-2 supposes that a turn is over. Lies between the other two.</source>
        <translation>Ниже этого значения Ink-2 предполагает, что реплика закончилась. Лежит между двумя другими.</translation>
    </message>
    <message>
        <source>Billing is not switched on for this Google project.</source>
        <translation>Для этого проекта Google не включена оплата.</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Оба</translation>
    </message>
    <message>
        <source>Bucket for long recordings</source>
        <translation>Хранилище для длинных записей</translation>
    </message>
    <message>
        <source>By another provider</source>
        <translation>Другим сервисом</translation>
    </message>
    <message>
        <source>By itself</source>
        <translation>Сама по себе</translation>
    </message>
    <message>
        <source>By meaning</source>
        <translation>По смыслу</translation>
    </message>
    <message>
        <source>By the length of the pause</source>
        <translation>По длине паузы</translation>
    </message>
    <message>
        <source>By the same provider, as a file</source>
        <translation>Тем же сервисом, как файл</translation>
    </message>
    <message>
        <source>Cartesia</source>
        <translation>Cartesia</translation>
    </message>
    <message>
        <source>Cartesia sent something that is not its protocol: {0}.</source>
        <translation>Cartesia прислала то, чего нет в её протоколе: {0}.</translation>
    </message>
    <message>
        <source>Cartesia&apos;s model {0} does not recognise the language “{1}”.</source>
        <translation>Модель {0} Cartesia не распознаёт язык «{1}».</translation>
    </message>
    <message>
        <source>Certainty of words</source>
        <translation>Уверенность в словах</translation>
    </message>
    <message>
        <source>Cheapest; takes a word list and several languages.</source>
        <translation>Самая дешёвая; принимает список слов и несколько языков.</translation>
    </message>
    <message>
        <source>Chirp 2</source>
        <translation>Chirp 2</translation>
    </message>
    <message>
        <source>Chirp 3</source>
        <translation>Chirp 3</translation>
    </message>
    <message>
        <source>Classic</source>
        <translation>Классическая</translation>
    </message>
    <message>
        <source>Cleans the audio before it is recognised. Chirp 3 only.</source>
        <translation>Очищает звук перед распознаванием. Только Chirp 3.</translation>
    </message>
    <message>
        <source>Close when idle</source>
        <translation>Закрывать при простое</translation>
    </message>
    <message>
        <source>Closes a connection nobody speaks into; it opens again by itself when you do.</source>
        <translation>Закрывает соединение, в которое никто не говорит; когда вы заговорите, оно откроется само.</translation>
    </message>
    <message>
        <source>Closes with another word, and acknowledges before it answers.</source>
        <translation>Закрывает другим словом и подтверждает прежде, чем отвечает.</translation>
    </message>
    <message>
        <source>Connect ahead</source>
        <translation>Соединяться заранее</translation>
    </message>
    <message>
        <source>Connects to providers in the network; a local model waits for a take.</source>
        <translation>Соединяется с сервисами в сети; модель на этом компьютере ждёт записи.</translation>
    </message>
    <message>
        <source>Conversation</source>
        <translation>Разговор</translation>
    </message>
    <message>
        <source>Costs as much as a file of that length.</source>
        <translation>Стоит столько же, сколько файл такой длины.</translation>
    </message>
    <message>
        <source>Custom model</source>
        <translation>Своя модель</translation>
    </message>
    <message>
        <source>Date of the API</source>
        <translation>Дата API</translation>
    </message>
    <message>
        <source>Debabelizer is not running. Start it first, with debabelizer or from the menu.</source>
        <translation>Debabelizer не запущен. Сначала запустите его: командой debabelizer или из меню.</translation>
    </message>
    <message>
        <source>Debabelizer runs but can&apos;t be reached: {0}. End it and start it again.</source>
        <translation>Debabelizer запущен, но недоступен: {0}. Завершите его и запустите снова.</translation>
    </message>
    <message>
        <source>Deepgram gave up: this recording takes it too long.{0}</source>
        <translation>Deepgram сдался: эта запись занимает слишком много времени.{0}</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>Цифры</translation>
    </message>
    <message>
        <source>Done within a day</source>
        <translation>Готово в течение суток</translation>
    </message>
    <message>
        <source>Eagerness to end a segment</source>
        <translation>Готовность завершать фразу</translation>
    </message>
    <message>
        <source>Early end of turn</source>
        <translation>Ранний конец реплики</translation>
    </message>
    <message>
        <source>Empty: the latest.</source>
        <translation>Пусто: самая новая.</translation>
    </message>
    <message>
        <source>End of speech</source>
        <translation>Конец речи</translation>
    </message>
    <message>
        <source>Endpoint id of a custom speech model; it decides the language. Empty: the standard models.</source>
        <translation>Идентификатор конечной точки своей модели речи; она определяет язык. Пусто: стандартные модели.</translation>
    </message>
    <message>
        <source>Endpoint of a resource with a domain of its own, of a container, or of a company&apos;s own gateway, in place of the region&apos;s. The key is sent there.</source>
        <translation>Конечная точка ресурса с собственным доменом, контейнера или собственного шлюза компании вместо адреса региона. Ключ отправляется туда.</translation>
    </message>
    <message>
        <source>Entries of the form heard:written, at most 100. Version 2 only.</source>
        <translation>Записи вида услышано:написано, не больше 100. Только версия 2.</translation>
    </message>
    <message>
        <source>Entries of the form heard:written.</source>
        <translation>Записи вида услышано:написано.</translation>
    </message>
    <message>
        <source>Entries of the form name:value, such as domain:Medicine or speaker:Dr. Okafor.</source>
        <translation>Записи вида имя:значение, например domain:Medicine или speaker:Dr. Okafor.</translation>
    </message>
    <message>
        <source>Entries of the form term=translation.</source>
        <translation>Записи вида термин=перевод.</translation>
    </message>
    <message>
        <source>Every channel by itself</source>
        <translation>Каждый канал отдельно</translation>
    </message>
    <message>
        <source>Every connection and every file carries it in Soniox&apos;s own log. At most 256 characters.</source>
        <translation>Каждое соединение и каждый файл носят её в журнале Soniox. Не больше 256 знаков.</translation>
    </message>
    <message>
        <source>Expect them mixed</source>
        <translation>Ожидать их вперемешку</translation>
    </message>
    <message>
        <source>Facts</source>
        <translation>Факты</translation>
    </message>
    <message>
        <source>Fast transcription</source>
        <translation>Быстрая расшифровка</translation>
    </message>
    <message>
        <source>Fast transcription with a language model</source>
        <translation>Быстрая расшифровка с языковой моделью</translation>
    </message>
    <message>
        <source>Fast, inexpensive recognition in some sixty languages, live and of files; needs a key and a network.</source>
        <translation>Быстрое и недорогое распознавание примерно на шестидесяти языках, вживую и из файлов; нужны ключ и сеть.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Файлы</translation>
    </message>
    <message>
        <source>Files are sent</source>
        <translation>Файлы отправляются</translation>
    </message>
    <message>
        <source>Find out which it is</source>
        <translation>Выяснить, какой это</translation>
    </message>
    <message>
        <source>Finding out takes one language for all of a recording; mixed ones are heard by Nova-3 only, ten of them.</source>
        <translation>При определении берётся один язык на всю запись; вперемешку слышит только Nova-3, десять языков.</translation>
    </message>
    <message>
        <source>Flux does not know this setting.</source>
        <translation>Flux не знает этой настройки.</translation>
    </message>
    <message>
        <source>Flux takes no recordings.</source>
        <translation>Flux не принимает записи.</translation>
    </message>
    <message>
        <source>For commands and single sentences.</source>
        <translation>Для команд и отдельных предложений.</translation>
    </message>
    <message>
        <source>For dictation and long speech. Shows text while you speak.</source>
        <translation>Для диктовки и длинной речи. Показывает текст, пока вы говорите.</translation>
    </message>
    <message>
        <source>For files.</source>
        <translation>Для файлов.</translation>
    </message>
    <message>
        <source>For files. Ends on 26 February 2027.</source>
        <translation>Для файлов. Прекращает работу 26 февраля 2027 г.</translation>
    </message>
    <message>
        <source>For files; not open to every account.</source>
        <translation>Для файлов; открыта не для каждой учётной записи.</translation>
    </message>
    <message>
        <source>For recordings with one person on each channel, up to 2. Each costs its full length.</source>
        <translation>Для записей, где на каждом канале один человек, до 2 каналов. Каждый оплачивается целиком.</translation>
    </message>
    <message>
        <source>For recordings with one person on each channel, up to 5. Each costs its full length.</source>
        <translation>Для записей, где на каждом канале один человек, до 5 каналов. Каждый оплачивается целиком.</translation>
    </message>
    <message>
        <source>For recordings with one person on each channel. Each costs its full length.</source>
        <translation>Для записей, где на каждом канале один человек. Каждый оплачивается целиком.</translation>
    </message>
    <message>
        <source>For speech from telephone lines.</source>
        <translation>Для речи с телефонных линий.</translation>
    </message>
    <message>
        <source>For whole recordings.</source>
        <translation>Для целых записей.</translation>
    </message>
    <message>
        <source>Free hours first</source>
        <translation>Сначала бесплатные часы</translation>
    </message>
    <message>
        <source>Free resources can use the one for short recordings only.</source>
        <translation>Бесплатные ресурсы могут пользоваться только службой для коротких записей.</translation>
    </message>
    <message>
        <source>Free speech; punctuation comes by itself.</source>
        <translation>Свободная речь; знаки препинания ставятся сами.</translation>
    </message>
    <message>
        <source>From your Cartesia account.</source>
        <translation>Из вашей учётной записи Cartesia.</translation>
    </message>
    <message>
        <source>From your Soniox project. Each project has keys of its own, and a region.</source>
        <translation>Из вашего проекта Soniox. У каждого проекта свои ключи и свой регион.</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>Полный</translation>
    </message>
    <message>
        <source>Full answers have times; a server that does not know them is asked for the text alone.</source>
        <translation>Полные ответы содержат время; у сервера, который их не знает, спрашивается один текст.</translation>
    </message>
    <message>
        <source>GPT-4o Transcribe Diarize</source>
        <translation>GPT-4o Transcribe Diarize</translation>
    </message>
    <message>
        <source>Google Cloud</source>
        <translation>Google Cloud</translation>
    </message>
    <message>
        <source>Google does not know this project, region or recognizer.</source>
        <translation>Google не знает этого проекта, региона или распознавателя.</translation>
    </message>
    <message>
        <source>Google does not let this account recognise speech: the interface is off, or the role is missing.</source>
        <translation>Google не разрешает этой учётной записи распознавать речь: интерфейс выключен или нет роли.</translation>
    </message>
    <message>
        <source>Google does not offer this model in this region: “Automatic” takes one that has it.</source>
        <translation>Google не предлагает эту модель в этом регионе: «Автоматически» берёт тот, где она есть.</translation>
    </message>
    <message>
        <source>Google does not recognise the language “{0}”.</source>
        <translation>Google не распознаёт язык «{0}».</translation>
    </message>
    <message>
        <source>Google ended the call and had understood nothing.</source>
        <translation>Google завершил вызов и ничего не понял.</translation>
    </message>
    <message>
        <source>Google ended without confirming the last words.</source>
        <translation>Google завершил, не подтвердив последние слова.</translation>
    </message>
    <message>
        <source>Google gave no token. ({0})</source>
        <translation>Google не дал токена. ({0})</translation>
    </message>
    <message>
        <source>Google got audio too fast.</source>
        <translation>Google получил звук слишком быстро.</translation>
    </message>
    <message>
        <source>Google has too many requests from this project.</source>
        <translation>У Google слишком много запросов от этого проекта.</translation>
    </message>
    <message>
        <source>Google needs a service account key or an API key, and none is set.</source>
        <translation>Google нужен ключ сервисного аккаунта или ключ API, а они не заданы.</translation>
    </message>
    <message>
        <source>Google needs to know which project pays: set “Project”, or choose version 1 of the interface.</source>
        <translation>Google нужно знать, какой проект платит: задайте «Проект» или выберите версию 1 интерфейса.</translation>
    </message>
    <message>
        <source>Google offers {0} in version 2 of the interface only, which needs a project: set “Project”.</source>
        <translation>Google предлагает {0} только в версии 2 интерфейса, которой нужен проект: задайте «Проект».</translation>
    </message>
    <message>
        <source>Google refused the API key.</source>
        <translation>Google отклонил ключ API.</translation>
    </message>
    <message>
        <source>Google refused the login. ({0})</source>
        <translation>Google отклонил вход. ({0})</translation>
    </message>
    <message>
        <source>Google refused the settings.</source>
        <translation>Google отклонил настройки.</translation>
    </message>
    <message>
        <source>Google says when it hears someone begin and end.</source>
        <translation>Google говорит, когда слышит, что кто-то начал и закончил.</translation>
    </message>
    <message>
        <source>Google sent something that is not its protocol: {0}.</source>
        <translation>Google прислал то, чего нет в его протоколе: {0}.</translation>
    </message>
    <message>
        <source>Google&apos;s client library does not take the settings: {0}</source>
        <translation>Клиентская библиотека Google не принимает настройки: {0}</translation>
    </message>
    <message>
        <source>Google&apos;s client library is not installed: add it with “pip install &apos;debabelizer-desktop[google]&apos;”.</source>
        <translation>Библиотека Google не установлена: добавьте её командой «pip install &apos;debabelizer-desktop[google]&apos;».</translation>
    </message>
    <message>
        <source>Google&apos;s model does not know one of the settings: switch it off.</source>
        <translation>Модель Google не знает одной из настроек: выключите её.</translation>
    </message>
    <message>
        <source>Google&apos;s model does not recognise this language.</source>
        <translation>Модель Google не распознаёт этот язык.</translation>
    </message>
    <message>
        <source>Google&apos;s model {0} does not find out the language: choose one, or the model Chirp 3.</source>
        <translation>Модель {0} Google не определяет язык: выберите его или модель Chirp 3.</translation>
    </message>
    <message>
        <source>Higher ends segments faster and less surely.</source>
        <translation>Чем выше, тем быстрее и тем менее надёжно заканчиваются фразы.</translation>
    </message>
    <message>
        <source>Hours of speech that your accounts give you each month, as provider=hours; 0 where an account gives none.</source>
        <translation>Сколько часов речи в месяц дают ваши учётные записи: сервис=часы; 0, если ничего не дают.</translation>
    </message>
    <message>
        <source>How Azure finds the end of a segment when it may end segments itself.</source>
        <translation>Как Azure находит конец фразы, когда ему позволено заканчивать фразы самому.</translation>
    </message>
    <message>
        <source>How many times a word must come back before it is shown; 0 leaves it to Azure.</source>
        <translation>Сколько раз слово должно повториться, прежде чем его покажут; 0 оставляет это Azure.</translation>
    </message>
    <message>
        <source>How much its phrases are preferred; high values make Google hear them where nobody said them.</source>
        <translation>Насколько предпочитаются его выражения; при высоких значениях Google слышит их там, где их никто не говорил.</translation>
    </message>
    <message>
        <source>How numbers are written. Scribe v3 only.</source>
        <translation>Как пишутся числа. Только Scribe v3.</translation>
    </message>
    <message>
        <source>How soon a pause makes text final. Chirp 3 only; other models decide for themselves.</source>
        <translation>Как скоро пауза делает текст окончательным. Только Chirp 3; другие модели решают сами.</translation>
    </message>
    <message>
        <source>How strongly words of the list are preferred; 0 not at all, 2 most.</source>
        <translation>Насколько сильно предпочитаются слова списка; 0 — нисколько, 2 — сильнее всего.</translation>
    </message>
    <message>
        <source>How sure Ink-2 must be that someone speaks.</source>
        <translation>Насколько Ink-2 должен быть уверен, что кто-то говорит.</translation>
    </message>
    <message>
        <source>Identifier of the Google Cloud project that pays. Empty: the service account&apos;s own.</source>
        <translation>Идентификатор проекта Google Cloud, который платит. Пусто: проект самого сервисного аккаунта.</translation>
    </message>
    <message>
        <source>If the provider fails</source>
        <translation>Если сервис не работает</translation>
    </message>
    <message>
        <source>In fewer languages and regions.</source>
        <translation>Не во всех языках и регионах.</translation>
    </message>
    <message>
        <source>In place of a service account. Works with version 1 of the interface; version 2 refuses many.</source>
        <translation>Вместо сервисного аккаунта. Работает с версией 1 интерфейса; версия 2 многое отклоняет.</translation>
    </message>
    <message>
        <source>Ink-2</source>
        <translation>Ink-2</translation>
    </message>
    <message>
        <source>Ink-2 finds the pauses</source>
        <translation>Паузы находит Ink-2</translation>
    </message>
    <message>
        <source>Ink-2 takes no recordings.</source>
        <translation>Ink-2 не принимает записи.</translation>
    </message>
    <message>
        <source>Ink-Whisper</source>
        <translation>Ink-Whisper</translation>
    </message>
    <message>
        <source>Ink-Whisper, as of 4 June 2025</source>
        <translation>Ink-Whisper от 4 июня 2025 г.</translation>
    </message>
    <message>
        <source>Instruction to the model</source>
        <translation>Указание модели</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Интерфейс</translation>
    </message>
    <message>
        <source>Invalid optimization strategy: {0}. There are {1}.</source>
        <translation>Недопустимая стратегия: {0}. Есть {1}.</translation>
    </message>
    <message>
        <source>Iowa</source>
        <translation>Айова</translation>
    </message>
    <message>
        <source>It matters only where segments end at pauses.</source>
        <translation>Имеет значение только там, где фразы заканчиваются на паузах.</translation>
    </message>
    <message>
        <source>It may change within a sentence.</source>
        <translation>Он может меняться внутри предложения.</translation>
    </message>
    <message>
        <source>It needs speakers told apart.</source>
        <translation>Нужно различение говорящих.</translation>
    </message>
    <message>
        <source>Japan</source>
        <translation>Япония</translation>
    </message>
    <message>
        <source>Label in the usage log</source>
        <translation>Метка в журнале использования</translation>
    </message>
    <message>
        <source>Language is recognised</source>
        <translation>Язык распознаётся</translation>
    </message>
    <message>
        <source>Language to translate into. Chirp 2 only.</source>
        <translation>Язык, на который переводить. Только Chirp 2.</translation>
    </message>
    <message>
        <source>Languages to choose from</source>
        <translation>Языки для выбора</translation>
    </message>
    <message>
        <source>Least volume</source>
        <translation>Наименьшая громкость</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Пропускать</translation>
    </message>
    <message>
        <source>Let Azure keep what is sent</source>
        <translation>Разрешить Azure хранить отправленное</translation>
    </message>
    <message>
        <source>Loads a local model as well.</source>
        <translation>Загружает и модель на этом компьютере.</translation>
    </message>
    <message>
        <source>Looks for the voices saved in your ElevenLabs account.</source>
        <translation>Ищет голоса, сохранённые в вашей учётной записи ElevenLabs.</translation>
    </message>
    <message>
        <source>Model for files</source>
        <translation>Модель для файлов</translation>
    </message>
    <message>
        <source>Model of the second look</source>
        <translation>Модель второго прохода</translation>
    </message>
    <message>
        <source>More than {0} characters on one connection</source>
        <translation>Больше {0} знаков в одном соединении</translation>
    </message>
    <message>
        <source>Multilingual, can translate. Version 2 only.</source>
        <translation>Многоязычная, умеет переводить. Только версия 2.</translation>
    </message>
    <message>
        <source>Name of a Cloud Storage bucket of yours. Google takes more than a minute at once only from there; the recording is removed when it is done. Without one, recordings are cut at silences. Version 2 only.</source>
        <translation>Имя вашего хранилища Cloud Storage. Больше минуты за раз Google берёт только оттуда; запись удаляется, когда всё готово. Без него записи режутся по тишине. Только версия 2.</translation>
    </message>
    <message>
        <source>Name of a model that is not in the list, as on a server of your own.</source>
        <translation>Имя модели, которой нет в списке, например на собственном сервере.</translation>
    </message>
    <message>
        <source>Name of a model that is not in the list, such as one trained for you.</source>
        <translation>Имя модели, которой нет в списке, например обученной для вас.</translation>
    </message>
    <message>
        <source>Name of a model that is not in the list.</source>
        <translation>Имя модели, которой нет в списке.</translation>
    </message>
    <message>
        <source>Name of a recognizer kept in the project, whose settings apply where none is chosen here. Version 2 only.</source>
        <translation>Имя распознавателя, хранящегося в проекте; его настройки действуют там, где здесь ничего не выбрано. Только версия 2.</translation>
    </message>
    <message>
        <source>Name of a region that is not in the list, such as europe-west3.</source>
        <translation>Имя региона, которого нет в списке, например europe-west3.</translation>
    </message>
    <message>
        <source>Name other sounds</source>
        <translation>Называть другие звуки</translation>
    </message>
    <message>
        <source>Name speakers by their role</source>
        <translation>Называть говорящих по роли</translation>
    </message>
    <message>
        <source>Netherlands</source>
        <translation>Нидерланды</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Никогда</translation>
    </message>
    <message>
        <source>Nobody</source>
        <translation>Никто</translation>
    </message>
    <message>
        <source>Nobody is logged in to Google on this computer: run “gcloud auth application-default login”.</source>
        <translation>На этом компьютере никто не вошёл в Google: выполните «gcloud auth application-default login».</translation>
    </message>
    <message>
        <source>Not while voices in the background are ignored.</source>
        <translation>Недоступно, пока не учитываются голоса на фоне.</translation>
    </message>
    <message>
        <source>Nothing was said about {0}.</source>
        <translation>О {0} ничего не сказано.</translation>
    </message>
    <message>
        <source>Number of speakers</source>
        <translation>Число говорящих</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>Числа</translation>
    </message>
    <message>
        <source>Numbers the speaker of each segment, afresh for each connection. Costs more.</source>
        <translation>Нумерует говорящего каждой фразы, заново для каждого соединения. Стоит дороже.</translation>
    </message>
    <message>
        <source>Numbers the speaker of each word, up to 15. The numbers begin anew with each connection.</source>
        <translation>Нумерует говорящего каждого слова, до 15. Нумерация начинается заново с каждым соединением.</translation>
    </message>
    <message>
        <source>Numbers the speaker of each word. Costs more.</source>
        <translation>Нумерует говорящего каждого слова. Стоит дороже.</translation>
    </message>
    <message>
        <source>Numbers the speaker of each word. Version 1 does so while you speak; in version 2 only Chirp 3 does, with recordings.</source>
        <translation>Нумерует говорящего каждого слова. Версия 1 делает это, пока вы говорите; в версии 2 — только Chirp 3 и только с записями.</translation>
    </message>
    <message>
        <source>Off, Azure makes text final when you stop, at pauses of five seconds, or when it has heard enough; on, also at each pause.</source>
        <translation>Выключено: Azure делает текст окончательным, когда вы закончили, на паузах в пять секунд или когда услышал достаточно; включено: также на каждой паузе.</translation>
    </message>
    <message>
        <source>Off, text becomes final when you stop or when Soniox has heard enough; on, also at each pause.</source>
        <translation>Выключено: текст становится окончательным, когда вы закончили или когда Soniox услышал достаточно; включено: также на каждой паузе.</translation>
    </message>
    <message>
        <source>Off, text comes only when it is final.</source>
        <translation>Выключено: текст приходит, только когда он окончательный.</translation>
    </message>
    <message>
        <source>Off, the languages you chose are hints, and others are understood, too. Works best with one language.</source>
        <translation>Выключено: выбранные языки — подсказка, понимаются и другие. Лучше всего работает с одним языком.</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>Один раз</translation>
    </message>
    <message>
        <source>One after the other where a recording is longer.</source>
        <translation>Один за другим, если запись длиннее.</translation>
    </message>
    <message>
        <source>One language: all that is said is translated into it. Two: each of them into the other. The translation is shown beside the transcript and never becomes part of it. Not for files.</source>
        <translation>Один язык: всё сказанное переводится на него. Два: каждый переводится на другой. Перевод показывается рядом с текстом и никогда не становится его частью. Не для файлов.</translation>
    </message>
    <message>
        <source>One model knows all languages.</source>
        <translation>Одна модель знает все языки.</translation>
    </message>
    <message>
        <source>One of that provider&apos;s models for files, by name (large-v3). Empty: as in its settings.</source>
        <translation>Одна из моделей этого сервиса для файлов, по имени (large-v3). Пусто: как в его настройках.</translation>
    </message>
    <message>
        <source>One of the two keys of your Speech resource.</source>
        <translation>Один из двух ключей вашего ресурса Speech.</translation>
    </message>
    <message>
        <source>Only Chirp 3 knows this setting.</source>
        <translation>Эту настройку знает только Chirp 3.</translation>
    </message>
    <message>
        <source>Only Flux knows this setting.</source>
        <translation>Эту настройку знает только Flux.</translation>
    </message>
    <message>
        <source>Only GPT Realtime Whisper knows this setting.</source>
        <translation>Эту настройку знает только GPT Realtime Whisper.</translation>
    </message>
    <message>
        <source>Only Ink-2 knows this setting.</source>
        <translation>Эту настройку знает только Ink-2.</translation>
    </message>
    <message>
        <source>Only Ink-Whisper knows this setting.</source>
        <translation>Эту настройку знает только Ink-Whisper.</translation>
    </message>
    <message>
        <source>Only Scribe v3 lets you choose how numbers are written.</source>
        <translation>Только Scribe v3 позволяет выбрать, как пишутся числа.</translation>
    </message>
    <message>
        <source>Only the languages chosen</source>
        <translation>Только выбранные языки</translation>
    </message>
    <message>
        <source>Only the older ones know speakers (Diarize) or the time of each word (Whisper).</source>
        <translation>Говорящих (Diarize) и время каждого слова (Whisper) знают только старые модели.</translation>
    </message>
    <message>
        <source>Only where segments end at a pause.</source>
        <translation>Только если фрагменты заканчиваются на паузах.</translation>
    </message>
    <message>
        <source>Only whole files are translated, and the settings have them sent as live speech (files.method).</source>
        <translation>Переводятся только файлы целиком, а по настройкам они отправляются как живая речь (files.method).</translation>
    </message>
    <message>
        <source>OpenAI does not serve the country that this connection comes from.</source>
        <translation>OpenAI не обслуживает страну, из которой идёт это соединение.</translation>
    </message>
    <message>
        <source>OpenAI&apos;s own models set it themselves.</source>
        <translation>Собственные модели OpenAI задают это сами.</translation>
    </message>
    <message>
        <source>Opens the connection when the program starts and when the computer wakes, so that the first take is as quick as the next ones.</source>
        <translation>Открывает соединение при запуске программы и при пробуждении компьютера, чтобы первая запись была такой же быстрой, как следующие.</translation>
    </message>
    <message>
        <source>Other model for files</source>
        <translation>Другая модель для файлов</translation>
    </message>
    <message>
        <source>Other region</source>
        <translation>Другой регион</translation>
    </message>
    <message>
        <source>Over eighty languages, live and of files, in a region you choose; needs a key and a network.</source>
        <translation>Более восьмидесяти языков, вживую и из файлов, в выбранном вами регионе; нужны ключ и сеть.</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Терпеливо</translation>
    </message>
    <message>
        <source>Pause between segments</source>
        <translation>Пауза между фразами</translation>
    </message>
    <message>
        <source>Pauses</source>
        <translation>Паузы</translation>
    </message>
    <message>
        <source>Pieces of a file heard at a time</source>
        <translation>Частей файла за раз</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>Прокси</translation>
    </message>
    <message>
        <source>Punctuation</source>
        <translation>Знаки препинания</translation>
    </message>
    <message>
        <source>Reading {0} came to a standstill for {1} s. {2}</source>
        <translation>Чтение {0} остановилось на {1} с. {2}</translation>
    </message>
    <message>
        <source>Reading {0} takes more than {1} MB of memory: it is damaged, or made to do harm.</source>
        <translation>Чтение {0} требует больше {1} МБ памяти: файл повреждён или сделан во вред.</translation>
    </message>
    <message>
        <source>Recognise known speakers</source>
        <translation>Узнавать знакомых говорящих</translation>
    </message>
    <message>
        <source>Recognition</source>
        <translation>Распознавание</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Готовые записи</translation>
    </message>
    <message>
        <source>Recordings in the bucket cost less where they may wait.</source>
        <translation>Записи в хранилище стоят меньше, если могут подождать.</translation>
    </message>
    <message>
        <source>Remove noise</source>
        <translation>Убирать шум</translation>
    </message>
    <message>
        <source>Scribe v2</source>
        <translation>Scribe v2</translation>
    </message>
    <message>
        <source>Scribe v2 Medical</source>
        <translation>Scribe v2 Medical</translation>
    </message>
    <message>
        <source>Scribe v2 is the one for recordings.</source>
        <translation>Для записей предназначен Scribe v2.</translation>
    </message>
    <message>
        <source>Scribe v3</source>
        <translation>Scribe v3</translation>
    </message>
    <message>
        <source>Second look</source>
        <translation>Второй проход</translation>
    </message>
    <message>
        <source>Sends the vocabulary as a phrase list: at most 500 terms.</source>
        <translation>Отправляет словарь как список выражений: не больше 500.</translation>
    </message>
    <message>
        <source>Sends the vocabulary as key terms: at most 100, and 1200 characters in all.</source>
        <translation>Отправляет словарь как ключевые термины: не больше 100 и 1200 знаков всего.</translation>
    </message>
    <message>
        <source>Sends the vocabulary as phrases to expect: at most 1000, each of at most 100 characters.</source>
        <translation>Отправляет словарь как ожидаемые выражения: не больше 1000, каждое не длиннее 100 знаков.</translation>
    </message>
    <message>
        <source>Sends the vocabulary as terms: about 10000 characters, with the background below.</source>
        <translation>Отправляет словарь как термины: около 10000 знаков вместе с контекстом ниже.</translation>
    </message>
    <message>
        <source>Service</source>
        <translation>Служба</translation>
    </message>
    <message>
        <source>Service account key</source>
        <translation>Ключ сервисного аккаунта</translation>
    </message>
    <message>
        <source>Service for recordings</source>
        <translation>Служба для записей</translation>
    </message>
    <message>
        <source>Short recordings</source>
        <translation>Короткие записи</translation>
    </message>
    <message>
        <source>Show text while a file is recognised</source>
        <translation>Показывать текст, пока распознаётся файл</translation>
    </message>
    <message>
        <source>Shows what is understood so far.</source>
        <translation>Показывает понятое до сих пор.</translation>
    </message>
    <message>
        <source>Signs in with the application default credentials of this computer, whatever kind they are.</source>
        <translation>Входит с учётными данными приложений по умолчанию этого компьютера, какого бы вида они ни были.</translation>
    </message>
    <message>
        <source>Silence between words that begins a new segment.</source>
        <translation>Тишина между словами, с которой начинается новая фраза.</translation>
    </message>
    <message>
        <source>Silence that ends a segment.</source>
        <translation>Тишина, которая заканчивает фрагмент.</translation>
    </message>
    <message>
        <source>Singapore</source>
        <translation>Сингапур</translation>
    </message>
    <message>
        <source>Soniox</source>
        <translation>Soniox</translation>
    </message>
    <message>
        <source>Soniox cannot read the recording.</source>
        <translation>Soniox не может прочитать запись.</translation>
    </message>
    <message>
        <source>Soniox closed the connection with code {0}.</source>
        <translation>Soniox закрыл соединение с кодом {0}.</translation>
    </message>
    <message>
        <source>Soniox does not let this API key do this.</source>
        <translation>Soniox не разрешает этого с этим ключом API.</translation>
    </message>
    <message>
        <source>Soniox does not offer this model.</source>
        <translation>Soniox не предлагает эту модель.</translation>
    </message>
    <message>
        <source>Soniox does not recognise the language “{0}”.</source>
        <translation>Soniox не распознаёт язык «{0}».</translation>
    </message>
    <message>
        <source>Soniox has too many connections or requests from this project.</source>
        <translation>У Soniox слишком много соединений или запросов от этого проекта.</translation>
    </message>
    <message>
        <source>Soniox is busy and asks to come back later.</source>
        <translation>Soniox занят и просит зайти позже.</translation>
    </message>
    <message>
        <source>Soniox is restarting.</source>
        <translation>Soniox перезапускается.</translation>
    </message>
    <message>
        <source>Soniox refused the API key. It may belong to another region.</source>
        <translation>Soniox отклонил ключ API. Возможно, он из другого региона.</translation>
    </message>
    <message>
        <source>Soniox refused the settings or the audio.</source>
        <translation>Soniox отклонил настройки или звук.</translation>
    </message>
    <message>
        <source>Soniox refused this connection.</source>
        <translation>Soniox отклонил это соединение.</translation>
    </message>
    <message>
        <source>Soniox reported “{0}”.</source>
        <translation>Soniox сообщил: «{0}».</translation>
    </message>
    <message>
        <source>Soniox sent something that is not its protocol: {0}.</source>
        <translation>Soniox прислал то, чего нет в его протоколе: {0}.</translation>
    </message>
    <message>
        <source>Soniox tells which language it heard.</source>
        <translation>Soniox сообщает, какой язык он услышал.</translation>
    </message>
    <message>
        <source>Soniox translates into one language, or between two.</source>
        <translation>Soniox переводит на один язык или между двумя.</translation>
    </message>
    <message>
        <source>Soniox v5 Async</source>
        <translation>Soniox v5 Async</translation>
    </message>
    <message>
        <source>Soniox v5 Real-time</source>
        <translation>Soniox v5 Realtime</translation>
    </message>
    <message>
        <source>Soon</source>
        <translation>Скоро</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Скорость</translation>
    </message>
    <message>
        <source>Speed of segment ends</source>
        <translation>Скорость завершения фраз</translation>
    </message>
    <message>
        <source>Spoken emoji</source>
        <translation>Произнесённые эмодзи</translation>
    </message>
    <message>
        <source>Spoken only</source>
        <translation>Только произнесённые</translation>
    </message>
    <message>
        <source>Spoken punctuation counts: “comma”, “full stop”, “new line”.</source>
        <translation>Произнесённые знаки учитываются: «запятая», «точка», «новая строка».</translation>
    </message>
    <message>
        <source>Start of turn</source>
        <translation>Начало реплики</translation>
    </message>
    <message>
        <source>Start with the computer</source>
        <translation>Запускать вместе с компьютером</translation>
    </message>
    <message>
        <source>Starting with the computer can&apos;t be arranged: {0}.</source>
        <translation>Запуск вместе с компьютером настроить не удалось: {0}.</translation>
    </message>
    <message>
        <source>Starts in the tray when you sign in.</source>
        <translation>Запускается в трее при входе в систему.</translation>
    </message>
    <message>
        <source>Steadier text while you speak</source>
        <translation>Более спокойный текст, пока вы говорите</translation>
    </message>
    <message>
        <source>Stored recognizer</source>
        <translation>Сохранённый распознаватель</translation>
    </message>
    <message>
        <source>Swear words</source>
        <translation>Бранные слова</translation>
    </message>
    <message>
        <source>Telephone</source>
        <translation>Телефон</translation>
    </message>
    <message>
        <source>Tells speakers apart. Ends on 26 February 2027.</source>
        <translation>Различает говорящих. Прекращает работу 26 февраля 2027 г.</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Текст</translation>
    </message>
    <message>
        <source>Text alone</source>
        <translation>Только текст</translation>
    </message>
    <message>
        <source>Text while you speak</source>
        <translation>Текст, пока вы говорите</translation>
    </message>
    <message>
        <source>The Google service account key is of no use: {0}.</source>
        <translation>Ключ сервисного аккаунта Google не годится: {0}.</translation>
    </message>
    <message>
        <source>The JSON that Google made for a service account with the role “Cloud Speech Client”, or the path of the file that holds it.</source>
        <translation>JSON, который Google создал для сервисного аккаунта с ролью «Cloud Speech Client», или путь к файлу с ним.</translation>
    </message>
    <message>
        <source>The Soniox API key belongs to another region: {0}.</source>
        <translation>Ключ API Soniox из другого региона: {0}.</translation>
    </message>
    <message>
        <source>The Soniox balance or budget is used up.</source>
        <translation>Баланс или бюджет Soniox израсходован.</translation>
    </message>
    <message>
        <source>The account works at {0}.</source>
        <translation>Учётная запись работает на {0}.</translation>
    </message>
    <message>
        <source>The automatic choice takes whoever gives hours away, as long as some are left this month by the record on this computer. They are counted as costing nothing.</source>
        <translation>Автоматический выбор берёт того, кто даёт часы даром, пока они в этом месяце остались по учёту на этом компьютере. Они считаются бесплатными.</translation>
    </message>
    <message>
        <source>The built-in recogniser is not fully installed: its model is missing.</source>
        <translation>Встроенный распознаватель установлен не полностью: нет его модели.</translation>
    </message>
    <message>
        <source>The built-in recogniser unpacks its model before its first use.</source>
        <translation>Встроенный распознаватель распаковывает свою модель перед первым использованием.</translation>
    </message>
    <message>
        <source>The certificate of {0} is not trusted: {1}. If your network has a certificate of its own, it belongs into the system&apos;s store.</source>
        <translation>Сертификату {0} нет доверия: {1}. Если у вашей сети есть собственный сертификат, добавьте его в хранилище системы.</translation>
    </message>
    <message>
        <source>The computer was too busy: {0} s of sound are missing.</source>
        <translation>Компьютер был слишком занят: не хватает {0} с звука.</translation>
    </message>
    <message>
        <source>The connection to Azure broke.</source>
        <translation>Соединение с Azure оборвалось.</translation>
    </message>
    <message>
        <source>The connection to Cartesia broke.</source>
        <translation>Соединение с Cartesia оборвалось.</translation>
    </message>
    <message>
        <source>The connection to Google broke.</source>
        <translation>Соединение с Google оборвалось.</translation>
    </message>
    <message>
        <source>The connection to Soniox broke.</source>
        <translation>Соединение с Soniox оборвалось.</translation>
    </message>
    <message>
        <source>The connection to {0} broke.{1}</source>
        <translation>Соединение с {0} оборвалось.{1}</translation>
    </message>
    <message>
        <source>The end of turn ({0}) must lie below its early end ({1}), that below the start ({2}).</source>
        <translation>Конец реплики ({0}) должен лежать ниже раннего конца ({1}), а тот — ниже начала ({2}).</translation>
    </message>
    <message>
        <source>The folder {0} can&apos;t be read: {1}.</source>
        <translation>Не удаётся прочитать папку {0}: {1}.</translation>
    </message>
    <message>
        <source>The free hours of this Azure resource are used up.</source>
        <translation>Бесплатные часы этого ресурса Azure израсходованы.</translation>
    </message>
    <message>
        <source>The gRPC library does not load ({0}): install it with “pip install grpcio”.</source>
        <translation>Библиотека gRPC не загружается ({0}): установите её командой «pip install grpcio».</translation>
    </message>
    <message>
        <source>The header of this WAV stream is damaged: it does not say what it holds.</source>
        <translation>Заголовок этого потока WAV повреждён: в нём не сказано, что внутри.</translation>
    </message>
    <message>
        <source>The key was not kept: {0} {1}</source>
        <translation>Ключ не сохранён: {0} {1}</translation>
    </message>
    <message>
        <source>The model for live recognition does not know it: it counts for recordings only.</source>
        <translation>Модель для распознавания вживую этого не знает: действует только для записей.</translation>
    </message>
    <message>
        <source>The model {0} of this installation is damaged ({1}). Install the program anew.</source>
        <translation>Модель {0} в этой установке повреждена ({1}). Установите программу заново.</translation>
    </message>
    <message>
        <source>The newer one where speakers or languages are told apart.</source>
        <translation>Более новую, если различаются говорящие или языки.</translation>
    </message>
    <message>
        <source>The newest and most accurate. English.</source>
        <translation>Самая новая и точная. Английский.</translation>
    </message>
    <message>
        <source>The newest and most accurate; finds out the language. Version 2 only.</source>
        <translation>Самая новая и точная; определяет язык. Только версия 2.</translation>
    </message>
    <message>
        <source>The next source</source>
        <translation>Следующий источник</translation>
    </message>
    <message>
        <source>The noise reduction is off.</source>
        <translation>Подавление шума выключено.</translation>
    </message>
    <message>
        <source>The other provider. A large Whisper model on this computer is a good one. None: nobody does.</source>
        <translation>Другой сервис. Хорошо подходит большая модель Whisper на этом компьютере. Не выбран: никто.</translation>
    </message>
    <message>
        <source>The process that reads files does not answer: {0}</source>
        <translation>Процесс, читающий файлы, не отвечает: {0}</translation>
    </message>
    <message>
        <source>The process that reads files does not start: {0}.</source>
        <translation>Процесс, читающий файлы, не запускается: {0}.</translation>
    </message>
    <message>
        <source>The process that reads files ended while it read {0} (exit code {1}){2}{3}</source>
        <translation>Процесс, читающий файлы, завершился при чтении {0} (код {1}){2}{3}</translation>
    </message>
    <message>
        <source>The process that reads {0} said something strange: {1}</source>
        <translation>Процесс, читающий {0}, ответил что-то странное: {1}</translation>
    </message>
    <message>
        <source>The program ended before this recording was done.</source>
        <translation>Программа завершилась раньше, чем эта запись была готова.</translation>
    </message>
    <message>
        <source>The program made a mistake: {0}. The log says more.</source>
        <translation>Ошибка в самой программе: {0}. Подробности — в журнале.</translation>
    </message>
    <message>
        <source>The quota at Google is used up.</source>
        <translation>Квота у Google израсходована.</translation>
    </message>
    <message>
        <source>The recogniser ended before its answer.</source>
        <translation>Распознаватель завершился, не ответив.</translation>
    </message>
    <message>
        <source>The recording can&apos;t be read: {0}.</source>
        <translation>Запись не читается: {0}.</translation>
    </message>
    <message>
        <source>The recording cannot be put into the bucket: look at its name and the account&apos;s rights.{0}</source>
        <translation>Запись нельзя положить в хранилище: проверьте его имя и права учётной записи.{0}</translation>
    </message>
    <message>
        <source>The recording goes to that one, too.</source>
        <translation>Запись уйдёт и туда.</translation>
    </message>
    <message>
        <source>The same, never changing.</source>
        <translation>Тот же, не меняется.</translation>
    </message>
    <message>
        <source>The second look is not another provider&apos;s.</source>
        <translation>Второй проход делает не другой сервис.</translation>
    </message>
    <message>
        <source>The second look is off.</source>
        <translation>Второй проход выключен.</translation>
    </message>
    <message>
        <source>The server does not find the pauses by meaning.</source>
        <translation>Сервер не ищет паузы по смыслу.</translation>
    </message>
    <message>
        <source>The server does not find the pauses by silence.</source>
        <translation>Сервер не ищет паузы по тишине.</translation>
    </message>
    <message>
        <source>The service for short recordings cannot do that.</source>
        <translation>Служба для коротких записей этого не умеет.</translation>
    </message>
    <message>
        <source>The sound server does not answer. Try again in a moment.</source>
        <translation>Звуковой сервер не отвечает. Повторите чуть позже.</translation>
    </message>
    <message>
        <source>The speech detector {0} can&apos;t be read: {1}. Install it anew.</source>
        <translation>Не удаётся прочитать детектор речи {0}: {1}. Установите его заново.</translation>
    </message>
    <message>
        <source>The speech detector {0} of this faster-whisper is not the one that this program knows: {1}. Install faster-whisper 1.2.1, or a newer version of this program.</source>
        <translation>Детектор речи {0} из этого faster-whisper — не тот, который знает программа: {1}. Установите faster-whisper 1.2.1 или более новую версию программы.</translation>
    </message>
    <message>
        <source>The streaming session {0} was stopped.</source>
        <translation>Потоковый сеанс {0} был остановлен.</translation>
    </message>
    <message>
        <source>The system&apos;s voice can&apos;t be started: {0}.</source>
        <translation>Голос системы не запускается: {0}.</translation>
    </message>
    <message>
        <source>The system&apos;s voice does not answer.</source>
        <translation>Голос системы не отвечает.</translation>
    </message>
    <message>
        <source>The system&apos;s voice failed.</source>
        <translation>Голос системы отказал.</translation>
    </message>
    <message>
        <source>The system&apos;s voice says something that is no sound.</source>
        <translation>Голос системы произносит то, что не является звуком.</translation>
    </message>
    <message>
        <source>The system&apos;s voice speaks in a form that is not known ({0} bits).</source>
        <translation>Голос системы говорит в неизвестном виде ({0} бит).</translation>
    </message>
    <message>
        <source>The temporary Soniox key is used up.</source>
        <translation>Временный ключ Soniox израсходован.</translation>
    </message>
    <message>
        <source>The text of {0} can&apos;t be read any more: what is on the disk is damaged.</source>
        <translation>Текст записи {0} больше не читается: данные на диске повреждены.</translation>
    </message>
    <message>
        <source>The time of each word. Ends on 26 February 2027.</source>
        <translation>Время каждого слова. Прекращает работу 26 февраля 2027 г.</translation>
    </message>
    <message>
        <source>The voices of {0} are not part of this version; {1} can speak.</source>
        <translation>Голоса {0} не входят в эту версию; говорить умеет {1}.</translation>
    </message>
    <message>
        <source>The word list is not sent.</source>
        <translation>Список слов не отправляется.</translation>
    </message>
    <message>
        <source>The {0} API key holds characters no key has; it was probably copied with something else.</source>
        <translation>В ключе API {0} есть символы, которых в ключах не бывает; вероятно, вместе с ним скопировалось что-то ещё.</translation>
    </message>
    <message>
        <source>The {0} provider {1} is not configured: it has no key. Pass config={{2}: {&apos;api_key&apos;: ...}}{3}.</source>
        <translation>Провайдер {1} ({0}) не настроен: у него нет ключа. Передайте config={{2}: {&apos;api_key&apos;: ...}}{3}.</translation>
    </message>
    <message>
        <source>The {0} provider {1} is not configured: there is none of that name, but {2}.</source>
        <translation>Провайдер {1} ({0}) не настроен: такого имени нет, а есть {2}.</translation>
    </message>
    <message>
        <source>There is no ElevenLabs service at this address.{0}</source>
        <translation>По этому адресу нет службы ElevenLabs.{0}</translation>
    </message>
    <message>
        <source>There is no Soniox service at this address.</source>
        <translation>По этому адресу нет службы Soniox.</translation>
    </message>
    <message>
        <source>There is no room for the recording&apos;s copy in {0}: {1}.</source>
        <translation>Для копии записи нет места в {0}: {1}.</translation>
    </message>
    <message>
        <source>There is no setting {0}. {1}</source>
        <translation>Настройки {0} нет. {1}</translation>
    </message>
    <message>
        <source>There is no speech session {0}.</source>
        <translation>Речевого сеанса {0} нет.</translation>
    </message>
    <message>
        <source>There is no streaming session {0}.</source>
        <translation>Потокового сеанса {0} нет.</translation>
    </message>
    <message>
        <source>There is no such settings file.</source>
        <translation>Такого файла настроек нет.</translation>
    </message>
    <message>
        <source>There is no text to speak.</source>
        <translation>Нет текста, который можно произнести.</translation>
    </message>
    <message>
        <source>There is no {0} service at this address.{1}</source>
        <translation>По этому адресу нет службы {0}.{1}</translation>
    </message>
    <message>
        <source>There is not enough memory for the Whisper model {0}. Choose a smaller one.</source>
        <translation>Для модели Whisper {0} не хватает памяти. Выберите модель поменьше.</translation>
    </message>
    <message>
        <source>This WAV form (tag {0}, {1} bits) can&apos;t be streamed; send 16-bit PCM.</source>
        <translation>Этот вид WAV (метка {0}, {1} бит) нельзя передавать потоком; отправляйте 16-битный PCM.</translation>
    </message>
    <message>
        <source>This WAV stream claims {0} Hz and {1} channels: its header is damaged.</source>
        <translation>Этот поток WAV заявляет {0} Гц и каналов: {1}; его заголовок повреждён.</translation>
    </message>
    <message>
        <source>This WAV stream has no sound within its first megabyte; send 16-bit PCM.</source>
        <translation>В первом мегабайте этого потока WAV нет звука; отправляйте 16-битный PCM.</translation>
    </message>
    <message>
        <source>This key belongs to the region {0}, and {1} is set.</source>
        <translation>Этот ключ из региона {0}, а задан {1}.</translation>
    </message>
    <message>
        <source>This model takes no prompt.</source>
        <translation>Эта модель не принимает подсказку.</translation>
    </message>
    <message>
        <source>This package has no code for graphics cards; to use one, install Debabelizer with pipx.</source>
        <translation>В этом пакете нет кода для видеокарт; чтобы использовать видеокарту, установите Debabelizer через pipx.</translation>
    </message>
    <message>
        <source>This settings file is not read, because {0} lies beside it.</source>
        <translation>Этот файл настроек не читается, потому что рядом лежит {0}.</translation>
    </message>
    <message>
        <source>This system has no voice for the language {0}.</source>
        <translation>В этой системе нет голоса для языка {0}.</translation>
    </message>
    <message>
        <source>This system has no voice {0}.</source>
        <translation>В этой системе нет голоса {0}.</translation>
    </message>
    <message>
        <source>This system has no voice: install espeak-ng (Debian, Ubuntu, Fedora, Arch: the package espeak-ng).</source>
        <translation>В этой системе нет голоса: установите espeak-ng (Debian, Ubuntu, Fedora, Arch: пакет espeak-ng).</translation>
    </message>
    <message>
        <source>Times of words</source>
        <translation>Время слов</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. Azure&apos;s own programs send twice as fast.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после потери соединения. Собственные программы Azure отправляют вдвое быстрее.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. Google asks for near real time and names no number.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после потери соединения. Google просит близко к реальному времени и не называет числа.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. Soniox asks for near real time and names no number.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после потери соединения. Soniox просит близко к реальному времени и не называет числа.</translation>
    </message>
    <message>
        <source>Times real time at which audio is sent after a lost connection. The vendor names no limit; where Ink-2 finds the pauses, it is 2 at most.</source>
        <translation>Во сколько раз быстрее реального времени отправляется звук после потери соединения. Поставщик не называет предела; где паузы находит Ink-2, это не больше 2.</translation>
    </message>
    <message>
        <source>Tokyo</source>
        <translation>Токио</translation>
    </message>
    <message>
        <source>Translate into</source>
        <translation>Переводить на</translation>
    </message>
    <message>
        <source>Translate to</source>
        <translation>Переводить на</translation>
    </message>
    <message>
        <source>Translations of terms</source>
        <translation>Переводы терминов</translation>
    </message>
    <message>
        <source>Turns “comma” and “question mark” into signs. Not with Chirp.</source>
        <translation>Превращает «запятая» и «вопросительный знак» в знаки. Не с Chirp.</translation>
    </message>
    <message>
        <source>Turns “smiley face” into a sign. Not with Chirp.</source>
        <translation>Превращает «улыбающееся лицо» в знак. Не с Chirp.</translation>
    </message>
    <message>
        <source>Universal</source>
        <translation>Универсальная</translation>
    </message>
    <message>
        <source>Use the login of the gcloud tool</source>
        <translation>Использовать вход инструмента gcloud</translation>
    </message>
    <message>
        <source>Version 1</source>
        <translation>Версия 1</translation>
    </message>
    <message>
        <source>Version 2</source>
        <translation>Версия 2</translation>
    </message>
    <message>
        <source>Version 2 has all models and needs a project; version 1 takes an API key alone. Automatic takes version 2 where a project is known.</source>
        <translation>В версии 2 есть все модели, и ей нужен проект; версии 1 достаточно ключа API. Автоматически берётся версия 2, если проект известен.</translation>
    </message>
    <message>
        <source>Very accurate recognition in over 90 languages, live and of files; needs a key, a network and money.</source>
        <translation>Очень точное распознавание более чем на 90 языках, вживую и из файлов; нужны ключ, сеть и деньги.</translation>
    </message>
    <message>
        <source>Very fast live recognition: Ink-2 for English, Ink-Whisper for a hundred languages; needs a key and a network.</source>
        <translation>Очень быстрое живое распознавание: Ink-2 для английского, Ink-Whisper для ста языков; нужны ключ и сеть.</translation>
    </message>
    <message>
        <source>Weight of the word list</source>
        <translation>Вес списка слов</translation>
    </message>
    <message>
        <source>What automatic recognition of the language chooses from, at most 10: Azure cannot tell all languages apart.</source>
        <translation>Из чего выбирает автоматическое определение языка, не больше 10: Azure не умеет различать все языки.</translation>
    </message>
    <message>
        <source>What becomes of them.</source>
        <translation>Что с ними делать.</translation>
    </message>
    <message>
        <source>What is softer counts as silence; 0: as the vendor sets it.</source>
        <translation>Что тише, считается тишиной; 0: как задаёт поставщик.</translation>
    </message>
    <message>
        <source>What the recordings are about, in your own words or as notes: it helps with names and technical terms.</source>
        <translation>О чём записи, вашими словами или заметками: помогает с именами и терминами.</translation>
    </message>
    <message>
        <source>What the speech is like.</source>
        <translation>Какова речь.</translation>
    </message>
    <message>
        <source>What to expect and how to write it. Chirp 3 only.</source>
        <translation>Чего ожидать и как это писать. Только Chirp 3.</translation>
    </message>
    <message>
        <source>Where no language is chosen, or several</source>
        <translation>Если язык не выбран или выбрано несколько</translation>
    </message>
    <message>
        <source>Where punctuation comes from.</source>
        <translation>Откуда берутся знаки препинания.</translation>
    </message>
    <message>
        <source>Where segments end at pauses: by what is said, not by silence alone. Off: this program listens for them.</source>
        <translation>Где фразы заканчиваются на паузах: по сказанному, а не только по тишине. Выключено: паузы слушает эта программа.</translation>
    </message>
    <message>
        <source>Where several languages are chosen, or none. Costs more.</source>
        <translation>Если выбрано несколько языков или ни одного. Стоит дороже.</translation>
    </message>
    <message>
        <source>Where speech is processed. Not every model is offered everywhere; automatic takes a place that has it.</source>
        <translation>Где обрабатывается речь. Не каждая модель есть везде; автоматически берётся место, где она есть.</translation>
    </message>
    <message>
        <source>Where speech is processed: the region of the project that the key belongs to.</source>
        <translation>Где обрабатывается речь: регион проекта, которому принадлежит ключ.</translation>
    </message>
    <message>
        <source>Where your Speech resource is, such as westeurope. A key works in its own region only.</source>
        <translation>Где находится ваш ресурс Speech, например westeurope. Ключ работает только в своём регионе.</translation>
    </message>
    <message>
        <source>Which edition of its protocol Cartesia, or a gateway, is asked to speak.</source>
        <translation>На каком издании своего протокола просят говорить Cartesia или шлюз.</translation>
    </message>
    <message>
        <source>Which of Azure&apos;s two live services is used.</source>
        <translation>Какая из двух живых служб Azure используется.</translation>
    </message>
    <message>
        <source>While you speak, only version 1 of the interface tells speakers apart.</source>
        <translation>Пока вы говорите, говорящих различает только версия 1 интерфейса.</translation>
    </message>
    <message>
        <source>Who goes on in the middle of the sentence, in this order, when the provider refuses the key, has no credit left or cannot be reached. Sound goes to nobody else; with an empty list it waits for the provider itself.</source>
        <translation>Кто продолжит посреди фразы, в этом порядке, если сервис не принял ключ, на счёте нет денег или он недоступен. Больше никому звук не отправляется; если список пуст, он ждёт самого сервиса.</translation>
    </message>
    <message>
        <source>Who looks again</source>
        <translation>Кто распознаёт ещё раз</translation>
    </message>
    <message>
        <source>Who said what, in recordings of several people.</source>
        <translation>Кто что сказал, в записях с несколькими людьми.</translation>
    </message>
    <message>
        <source>Whole files are understood better and cheaper where the provider takes them; live, text comes at once.</source>
        <translation>Целые файлы распознаются лучше и дешевле, если сервис их принимает; живой речью текст появляется сразу.</translation>
    </message>
    <message>
        <source>Whole, where the provider takes files</source>
        <translation>Целиком, если сервис принимает файлы</translation>
    </message>
    <message>
        <source>With this model it is always this program.</source>
        <translation>С этой моделью это всегда делает сама программа.</translation>
    </message>
    <message>
        <source>Without TLS only a server on this machine is called, and {0} is not.</source>
        <translation>Без TLS вызывается только сервер на этом компьютере, а {0} — нет.</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Слова</translation>
    </message>
    <message>
        <source>Write as said</source>
        <translation>Писать, как сказано</translation>
    </message>
    <message>
        <source>Writes (laughter), (music) and the like into the text.</source>
        <translation>Вписывает в текст (смех), (музыка) и подобное.</translation>
    </message>
    <message>
        <source>Writes “five kilometres” as 5 km.</source>
        <translation>Пишет «пять километров» как 5 км.</translation>
    </message>
    <message>
        <source>Yes, second version</source>
        <translation>Да, вторая версия</translation>
    </message>
    <message>
        <source>Your own free hours</source>
        <translation>Ваши бесплатные часы</translation>
    </message>
    <message>
        <source>a field of the unknown kind {0}</source>
        <translation>поле неизвестного вида {0}</translation>
    </message>
    <message>
        <source>a number that does not end</source>
        <translation>число, у которого нет конца</translation>
    </message>
    <message>
        <source>a recording may not lead to other files</source>
        <translation>запись не должна вести к другим файлам</translation>
    </message>
    <message>
        <source>config.json has no {0}</source>
        <translation>в config.json нет {0}</translation>
    </message>
    <message>
        <source>gRPC connections go through HTTP proxies only, and the system names {0}.</source>
        <translation>Соединения gRPC проходят только через прокси HTTP, а система называет {0}.</translation>
    </message>
    <message>
        <source>h</source>
        <translation>ч</translation>
    </message>
    <message>
        <source>it ends too early</source>
        <translation>обрывается слишком рано</translation>
    </message>
    <message>
        <source>it has no {0} of the known shape</source>
        <translation>нет {0} известной формы</translation>
    </message>
    <message>
        <source>it is too large</source>
        <translation>слишком велик</translation>
    </message>
    <message>
        <source>its first layer is no Fourier transform</source>
        <translation>его первый слой — не преобразование Фурье</translation>
    </message>
    <message>
        <source>macOS does not let Debabelizer see and press keys yet: allow it in System Settings, Privacy &amp; Security, under Input Monitoring and under Accessibility, and start it again.</source>
        <translation>macOS пока не даёт Debabelizer видеть и нажимать клавиши: разрешите это в «Системных настройках», «Конфиденциальность и безопасность», в пунктах «Мониторинг ввода» и «Универсальный доступ», и запустите программу снова.</translation>
    </message>
    <message>
        <source>module {0} has no attribute {1}</source>
        <translation>в модуле {0} нет {1}</translation>
    </message>
    <message>
        <source>more after its end</source>
        <translation>лишнее после конца</translation>
    </message>
    <message>
        <source>redirected to another host: {0}</source>
        <translation>перенаправлено на другой узел: {0}</translation>
    </message>
    <message>
        <source>sample {0} is not in the spool ({1} to {2})</source>
        <translation>отсчёта {0} нет в буфере ({1}–{2})</translation>
    </message>
    <message>
        <source>small (485 MB)</source>
        <translation>small (485 МБ)</translation>
    </message>
    <message>
        <source>small.en (485 MB)</source>
        <translation>small.en (485 МБ)</translation>
    </message>
    <message>
        <source>start_time must be 0 or more, and duration more than 0</source>
        <translation>start_time должно быть не меньше 0, а duration — больше 0</translation>
    </message>
    <message>
        <source>the folder {0} of {1} does not exist</source>
        <translation>папки {0} из {1} не существует</translation>
    </message>
    <message>
        <source>the method {0} of {1} is none of paste, type, copy</source>
        <translation>способ {0} в {1} — не paste, type или copy</translation>
    </message>
    <message>
        <source>the model {0} of {1} is not downloaded</source>
        <translation>модель {0} для {1} не загружена</translation>
    </message>
    <message>
        <source>the server knows no such part of it</source>
        <translation>сервер не знает такой части</translation>
    </message>
    <message>
        <source>the server sent another part than asked for</source>
        <translation>сервер прислал не ту часть, которую просили</translation>
    </message>
    <message>
        <source>the {0} of a rule is {1}</source>
        <translation>поле {0} в правиле — {1}</translation>
    </message>
    <message>
        <source>there are no weights in it</source>
        <translation>в нём нет весов</translation>
    </message>
    <message>
        <source>there is a session {0} already</source>
        <translation>сеанс {0} уже есть</translation>
    </message>
    <message>
        <source>there is no provider {0}; there are {1}</source>
        <translation>сервиса {0} нет; есть {1}</translation>
    </message>
    <message>
        <source>there is no silence of less than 0 seconds</source>
        <translation>тишины короче 0 секунд не бывает</translation>
    </message>
    <message>
        <source>tiny (75 MB)</source>
        <translation>tiny (75 МБ)</translation>
    </message>
    <message>
        <source>tiny.en (75 MB)</source>
        <translation>tiny.en (75 МБ)</translation>
    </message>
    <message>
        <source>too much audio is waiting to be recognised</source>
        <translation>распознавания ждёт слишком много звука</translation>
    </message>
    <message>
        <source>vLLM</source>
        <translation>vLLM</translation>
    </message>
    <message>
        <source>vLLM ended an utterance by itself.</source>
        <translation>vLLM сам завершил высказывание.</translation>
    </message>
    <message>
        <source>{0} ({1} was chosen).</source>
        <translation>{0} (было выбрано: {1}).</translation>
    </message>
    <message>
        <source>{0} ({1}) was not changed: {2}.</source>
        <translation>{0} ({1}) не изменено: {2}.</translation>
    </message>
    <message>
        <source>{0} Choose another one, or unplug it and plug it in again.</source>
        <translation>{0} Выберите другой микрофон либо отключите его и подключите снова.</translation>
    </message>
    <message>
        <source>{0} Close other programs and try again.</source>
        <translation>{0} Закройте другие программы и попробуйте снова.</translation>
    </message>
    <message>
        <source>{0} It may not transcribe files, so the balance could not be asked about.</source>
        <translation>{0} Ему нельзя распознавать файлы, поэтому о балансе спросить не удалось.</translation>
    </message>
    <message>
        <source>{0} arrived damaged ({1}).</source>
        <translation>{0} пришёл повреждённым ({1}).</translation>
    </message>
    <message>
        <source>{0} broke off the handshake</source>
        <translation>{0} прервал рукопожатие</translation>
    </message>
    <message>
        <source>{0} bytes instead of {1}</source>
        <translation>{0} байт вместо {1}</translation>
    </message>
    <message>
        <source>{0} calls itself {1}</source>
        <translation>{0} называет себя {1}</translation>
    </message>
    <message>
        <source>{0} can&apos;t be a global key: {1}.</source>
        <translation>{0} не может быть глобальной клавишей: {1}.</translation>
    </message>
    <message>
        <source>{0} can&apos;t be opened: you are not allowed to read it.</source>
        <translation>{0} не открывается: у вас нет права читать этот файл.</translation>
    </message>
    <message>
        <source>{0} can&apos;t be read ({1}).</source>
        <translation>{0} не читается ({1}).</translation>
    </message>
    <message>
        <source>{0} can&apos;t be read any more: {1}.</source>
        <translation>{0} больше не читается: {1}.</translation>
    </message>
    <message>
        <source>{0} can&apos;t be read: {1}.</source>
        <translation>{0} не читается: {1}.</translation>
    </message>
    <message>
        <source>{0} can&apos;t be used: {1}.</source>
        <translation>{0} нельзя использовать: {1}.</translation>
    </message>
    <message>
        <source>{0} can&apos;t be written: {1}.</source>
        <translation>{0} нельзя записать: {1}.</translation>
    </message>
    <message>
        <source>{0} cannot be reached: {1}</source>
        <translation>{0} недоступен: {1}</translation>
    </message>
    <message>
        <source>{0} cannot read the recording. ({1})</source>
        <translation>{0} не может прочитать запись. ({1})</translation>
    </message>
    <message>
        <source>{0} closed the connection at once</source>
        <translation>{0} сразу закрыл соединение</translation>
    </message>
    <message>
        <source>{0} could not send {1} (status {2}).</source>
        <translation>{0} не смог отправить {1} (код {2}).</translation>
    </message>
    <message>
        <source>{0} cut the connection</source>
        <translation>{0} оборвал соединение</translation>
    </message>
    <message>
        <source>{0} did not answer a commit in time</source>
        <translation>{0} не ответил вовремя на завершение фразы</translation>
    </message>
    <message>
        <source>{0} did not answer in {1} s.</source>
        <translation>{0} не ответил за {1} с.</translation>
    </message>
    <message>
        <source>{0} did not answer the end of the audio in time</source>
        <translation>{0} не ответил вовремя на конец звука</translation>
    </message>
    <message>
        <source>{0} did not answer within {1} s</source>
        <translation>{0} не ответил за {1} с</translation>
    </message>
    <message>
        <source>{0} did not answer within {1} s.</source>
        <translation>{0} не отвечает уже {1} с.</translation>
    </message>
    <message>
        <source>{0} did not recognise the last {1} s before the end</source>
        <translation>{0} не распознал последние {1} с до конца</translation>
    </message>
    <message>
        <source>{0} does not answer</source>
        <translation>{0} не отвечает</translation>
    </message>
    <message>
        <source>{0} does not find out the language by itself: choose one.</source>
        <translation>{0} не определяет язык сам: выберите его.</translation>
    </message>
    <message>
        <source>{0} does not let this account do this.{1}</source>
        <translation>{0} не разрешает этого этой учётной записи.{1}</translation>
    </message>
    <message>
        <source>{0} does not let {1} be downloaded.</source>
        <translation>{0} не даёт загрузить {1}.</translation>
    </message>
    <message>
        <source>{0} does not offer the model {1}.</source>
        <translation>{0} не предлагает модель {1}.</translation>
    </message>
    <message>
        <source>{0} does not speak WebSocket as it should: {1}</source>
        <translation>{0} говорит по WebSocket не так, как следует: {1}</translation>
    </message>
    <message>
        <source>{0} does not take live speech.</source>
        <translation>{0} не принимает живую речь.</translation>
    </message>
    <message>
        <source>{0} does not turn live speech into text.</source>
        <translation>{0} не распознаёт живую речь.</translation>
    </message>
    <message>
        <source>{0} does not turn text into speech.</source>
        <translation>{0} не превращает текст в речь.</translation>
    </message>
    <message>
        <source>{0} dropped the connection {1} times in a row at once</source>
        <translation>{0} {1} раз подряд сразу обрывал соединение</translation>
    </message>
    <message>
        <source>{0} ends before {1}</source>
        <translation>{0} кончается раньше {1}</translation>
    </message>
    <message>
        <source>{0} failed: {1}</source>
        <translation>Сбой {0}: {1}</translation>
    </message>
    <message>
        <source>{0} has a key</source>
        <translation>у {0} есть ключ</translation>
    </message>
    <message>
        <source>{0} has its model {1}</source>
        <translation>у {0} есть модель {1}</translation>
    </message>
    <message>
        <source>{0} has moved elsewhere (HTTP {1})</source>
        <translation>{0} переехал (HTTP {1})</translation>
    </message>
    <message>
        <source>{0} has no ProviderDescription</source>
        <translation>у {0} нет ProviderDescription</translation>
    </message>
    <message>
        <source>{0} has no key</source>
        <translation>у {0} нет ключа</translation>
    </message>
    <message>
        <source>{0} has no model {1}</source>
        <translation>у {0} нет модели {1}</translation>
    </message>
    <message>
        <source>{0} has the model in {1}</source>
        <translation>у {0} модель в {1}</translation>
    </message>
    <message>
        <source>{0} has too many requests from this key (HTTP 429)</source>
        <translation>у {0} слишком много запросов с этим ключом (HTTP 429)</translation>
    </message>
    <message>
        <source>{0} has too many requests.{1}</source>
        <translation>У {0} слишком много запросов.{1}</translation>
    </message>
    <message>
        <source>{0} has trouble of its own (HTTP {1})</source>
        <translation>у {0} свои неполадки (HTTP {1})</translation>
    </message>
    <message>
        <source>{0} has {1} bytes for the dimensions {2}</source>
        <translation>у {0} {1} байт при размерах {2}</translation>
    </message>
    <message>
        <source>{0} is a folder, not a file.</source>
        <translation>{0} — папка, а не файл.</translation>
    </message>
    <message>
        <source>{0} is a pipe or a device, not a file. Copy what it gives to a file, or pipe it in.</source>
        <translation>{0} — канал или устройство, а не файл. Скопируйте его содержимое в файл или подайте на ввод.</translation>
    </message>
    <message>
        <source>{0} is a secret, and other programs can see a command line. Use `debabelizer keys set` or an environment variable.</source>
        <translation>{0} — секрет, а командную строку видят другие программы. Выполните «debabelizer keys set» или задайте переменную окружения.</translation>
    </message>
    <message>
        <source>{0} is damaged; move it away and set the keys again.</source>
        <translation>{0} повреждён; уберите его и введите ключи снова.</translation>
    </message>
    <message>
        <source>{0} is less than {1}{2}</source>
        <translation>{0} меньше, чем {1}{2}</translation>
    </message>
    <message>
        <source>{0} is longer than {1} h, the most that is read.</source>
        <translation>{0} длиннее {1} ч, а больше не читается.</translation>
    </message>
    <message>
        <source>{0} is more than {1}{2}</source>
        <translation>{0} больше, чем {1}{2}</translation>
    </message>
    <message>
        <source>{0} is neither true nor false</source>
        <translation>{0} — ни true, ни false</translation>
    </message>
    <message>
        <source>{0} is no provider: it lacks `description` or `check`</source>
        <translation>{0} — не сервис: нет «description» или «check»</translation>
    </message>
    <message>
        <source>{0} is none of {1}</source>
        <translation>{0} не входит в {1}</translation>
    </message>
    <message>
        <source>{0} is not a 16-bit mono WAV file.</source>
        <translation>{0} — не 16-битный моно-файл WAV.</translation>
    </message>
    <message>
        <source>{0} is not a WAV file.</source>
        <translation>{0} — не файл WAV.</translation>
    </message>
    <message>
        <source>{0} is not a finite number</source>
        <translation>{0} — не конечное число</translation>
    </message>
    <message>
        <source>{0} is not a key such as F9 or Ctrl+Alt+Space</source>
        <translation>{0} — не клавиша вроде F9 или Ctrl+Alt+Space</translation>
    </message>
    <message>
        <source>{0} is not a language tag such as en or pt-BR</source>
        <translation>{0} — не метка языка вроде en или pt-BR</translation>
    </message>
    <message>
        <source>{0} is not a number</source>
        <translation>{0} — не число</translation>
    </message>
    <message>
        <source>{0} is not a whole number</source>
        <translation>{0} — не целое число</translation>
    </message>
    <message>
        <source>{0} is not an address</source>
        <translation>{0} — не адрес</translation>
    </message>
    <message>
        <source>{0} is not an address such as https://host/path</source>
        <translation>{0} — не адрес вроде https://host/path</translation>
    </message>
    <message>
        <source>{0} is not at {1} any more.</source>
        <translation>{0} больше нет в {1}.</translation>
    </message>
    <message>
        <source>{0} is used until you change it.</source>
        <translation>Используется {0}, пока вы это не измените.</translation>
    </message>
    <message>
        <source>{0} listens for fewer languages at a time: {1}.</source>
        <translation>{0} слушает меньше языков одновременно: {1}.</translation>
    </message>
    <message>
        <source>{0} needs an API key, and none is set.</source>
        <translation>{0} требует ключ API, а он не задан.</translation>
    </message>
    <message>
        <source>{0} needs neither key nor download</source>
        <translation>{0}: не нужны ни ключ, ни загрузка</translation>
    </message>
    <message>
        <source>{0} needs the address of the server.</source>
        <translation>Для {0} нужен адрес сервера.</translation>
    </message>
    <message>
        <source>{0} refused the key (HTTP {1})</source>
        <translation>{0} не принял ключ (HTTP {1})</translation>
    </message>
    <message>
        <source>{0} refused the key.{1}</source>
        <translation>{0} отклонил ключ.{1}</translation>
    </message>
    <message>
        <source>{0} refused the settings of this connection (HTTP {1}){2}</source>
        <translation>{0} не принимает настройки этого соединения (HTTP {1}){2}</translation>
    </message>
    <message>
        <source>{0} refused the settings.{1}</source>
        <translation>{0} отклонил настройки.{1}</translation>
    </message>
    <message>
        <source>{0} refuses connections</source>
        <translation>{0} не принимает соединений</translation>
    </message>
    <message>
        <source>{0} reported {1}.{2}</source>
        <translation>{0} сообщил: {1}.{2}</translation>
    </message>
    <message>
        <source>{0} stands in the open in the settings file and is not used.</source>
        <translation>{0} лежит в файле настроек открыто и не используется.</translation>
    </message>
    <message>
        <source>{0} takes a prompt of at most {1} characters: the rest was left out.</source>
        <translation>{0} принимает подсказку не длиннее {1} символов: остальное отброшено.</translation>
    </message>
    <message>
        <source>{0} takes far longer to read than its sound lasts: it is damaged or made to do harm. {1}</source>
        <translation>{0} читается намного дольше, чем длится его звук: файл повреждён или сделан во вред. {1}</translation>
    </message>
    <message>
        <source>{0} takes no audio of the form “{1}”.</source>
        <translation>{0} не принимает звук в виде «{1}».</translation>
    </message>
    <message>
        <source>{0} takes no commits now</source>
        <translation>{0} сейчас не принимает завершения фраз</translation>
    </message>
    <message>
        <source>{0} takes no more audio</source>
        <translation>{0} больше не принимает звук</translation>
    </message>
    <message>
        <source>{0} takes no whole recordings.</source>
        <translation>{0} не принимает целые записи.</translation>
    </message>
    <message>
        <source>{0} takes no word list.</source>
        <translation>{0} не принимает список слов.</translation>
    </message>
    <message>
        <source>{0} takes only part of the word list. Left out: {1} and others ({2}).</source>
        <translation>{0} принимает только часть списка слов. Не вошли: {1} и другие ({2}).</translation>
    </message>
    <message>
        <source>{0} takes only part of the word list. Left out: {1}.</source>
        <translation>{0} принимает только часть списка слов. Не вошли: {1}.</translation>
    </message>
    <message>
        <source>{0} voices are installed.</source>
        <translation>Установлено голосов: {0}.</translation>
    </message>
    <message>
        <source>{0} wants a pause before {1} is downloaded.</source>
        <translation>{0} просит подождать, прежде чем загружать {1}.</translation>
    </message>
    <message>
        <source>{0} was not ready within {1} s</source>
        <translation>{0} не был готов за {1} с</translation>
    </message>
    <message>
        <source>{0}={1} can&apos;t be used: {2}.</source>
        <translation>{0}={1} использовать нельзя: {2}.</translation>
    </message>
    <message>
        <source>{NAME_1}</source>
        <translation>{NAME_1}</translation>
    </message>
    <message>
        <source>{NAME}</source>
        <translation>{NAME}</translation>
    </message>
    <message>
        <source>{REDACTED}</source>
        <translation>{REDACTED}</translation>
    </message>
    <message>
        <source>µ-law saves bandwidth on a thin line. Other servers take PCM, at the rate of their kind.</source>
        <translation>µ-law экономит трафик на медленной линии. Другие серверы принимают PCM с частотой своего вида.</translation>
    </message>
    <message>
        <source>Русский</source>
        <translation>Русский</translation>
    </message>
    <message>
        <source>“{0}” cannot be the name of an OpenAI {1}.</source>
        <translation>«{0}» не может быть названием для OpenAI {1}.</translation>
    </message>
    <message>
        <source>“{0}” is not a name Google gives: look at “{1}”.</source>
        <translation>«{0}» — не то имя, которое даёт Google: проверьте «{1}».</translation>
    </message>
    <message>
        <source>“{0}” is not a region of Azure, such as westeurope.</source>
        <translation>«{0}» — не регион Azure, такой как westeurope.</translation>
    </message>
    <message>
        <source>“{0}” is not an address: it must begin with https:// and name a host, and nothing more.</source>
        <translation>«{0}» — не адрес: он должен начинаться с https:// и называть сервер, и ничего больше.</translation>
    </message>
    <message>
        <source>“{0}” is not an address: it must begin with https:// and name a host.</source>
        <translation>«{0}» — не адрес: он должен начинаться с https:// и содержать имя узла.</translation>
    </message>
    <message>
        <source>“{0}” is not encrypted; only a server on this machine may be called so.</source>
        <translation>«{0}» не зашифрован; так можно вызывать только сервер на этом компьютере.</translation>
    </message>
    <message>
        <source>“{0}” is not of the form name{1}value.</source>
        <translation>«{0}» не имеет вида имя{1}значение.</translation>
    </message>
</context>
<context>
    <name>Errors</name>
    <message>
        <source>The key was not accepted</source>
        <translation>Ключ не принят</translation>
    </message>
    <message>
        <source>The provider&apos;s allowance is used up</source>
        <translation>Лимит у сервиса исчерпан</translation>
    </message>
    <message>
        <source>The provider asks for a pause</source>
        <translation>Сервис просит подождать</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Нет связи</translation>
    </message>
    <message>
        <source>The provider&apos;s answer made no sense</source>
        <translation>Ответ сервиса не удалось понять</translation>
    </message>
    <message>
        <source>Trouble with the microphone</source>
        <translation>Проблема с микрофоном</translation>
    </message>
    <message>
        <source>A setting needs attention</source>
        <translation>Проверьте настройку</translation>
    </message>
    <message>
        <source>Not possible here</source>
        <translation>Здесь это невозможно</translation>
    </message>
    <message>
        <source>Trouble with the disk</source>
        <translation>Проблема с диском</translation>
    </message>
    <message>
        <source>Something went wrong inside the program</source>
        <translation>Внутренняя ошибка программы</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Закрыть</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Сообщение</translation>
    </message>
    <message>
        <source>{cause} What you say meanwhile is kept.</source>
        <translation>{cause} Всё сказанное тем временем сохраняется.</translation>
    </message>
</context>
<context>
    <name>History</name>
    <message>
        <source>kept, not text yet</source>
        <translation>сохранено, ещё не распознано</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Search in your texts</source>
        <translation>Поиск по текстам</translation>
    </message>
    <message>
        <source>Takes</source>
        <translation>Записи</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Nothing here yet. What you dictate is kept on this computer only.</source>
        <translation>Пока пусто. Всё, что вы надиктуете, хранится только на этом компьютере.</translation>
    </message>
    <message>
        <source>Recording of {seconds} s</source>
        <translation>Запись, {seconds} с</translation>
    </message>
</context>
<context>
    <name>Keys</name>
    <message>
        <source>Space</source>
        <translation>Пробел</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Right Ctrl</source>
        <translation>Правый Ctrl</translation>
    </message>
    <message>
        <source>Left Ctrl</source>
        <translation>Левый Ctrl</translation>
    </message>
    <message>
        <source>Right Alt</source>
        <translation>Правый Alt</translation>
    </message>
    <message>
        <source>Left Alt</source>
        <translation>Левый Alt</translation>
    </message>
    <message>
        <source>Right Shift</source>
        <translation>Правый Shift</translation>
    </message>
    <message>
        <source>Left Shift</source>
        <translation>Левый Shift</translation>
    </message>
</context>
<context>
    <name>Languages</name>
    <message>
        <source>Any language</source>
        <translation>Любой язык</translation>
    </message>
    <message>
        <source>{first} + {others}</source>
        <translation>{first} + {others}</translation>
    </message>
    <message>
        <source>Search languages</source>
        <translation>Поиск языка</translation>
    </message>
    <message>
        <source>Languages you speak</source>
        <translation>Языки, на которых вы говорите</translation>
    </message>
</context>
<context>
    <name>Main</name>
    <message>
        <source>{provider} works again: it gets what you say next.</source>
        <translation>{provider} снова работает: дальше слушает он.</translation>
    </message>
    <message>
        <source>{reason} {provider} listens now.</source>
        <translation>{reason} Теперь слушает {provider}.</translation>
    </message>
    <message>
        <source>Release → text {ms} ms</source>
        <translation>Клавиша → текст {ms} мс</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Elapsed time</source>
        <translation>Прошло времени</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Ещё</translation>
    </message>
    <message>
        <source>Send chunk</source>
        <translation>Отправить</translation>
    </message>
    <message>
        <source>Send what was recorded so far</source>
        <translation>Отправить записанное до этого места</translation>
    </message>
    <message>
        <source>Commit</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>End the sentence here</source>
        <translation>Закончить фразу здесь</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Copy the whole transcript</source>
        <translation>Скопировать весь текст</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Экспорт</translation>
    </message>
    <message>
        <source>Save the transcript to a file</source>
        <translation>Сохранить текст в файл</translation>
    </message>
    <message>
        <source>Press the round button and speak.</source>
        <translation>Нажмите круглую кнопку и говорите.</translation>
    </message>
    <message>
        <source>Press the key, speak, press it again. The words land where your cursor is.</source>
        <translation>Нажмите клавишу, говорите, нажмите ещё раз. Слова появятся там, где курсор.</translation>
    </message>
    <message>
        <source>Hold the key and speak. The words land where your cursor is.</source>
        <translation>Удерживайте клавишу и говорите. Слова появятся там, где курсор.</translation>
    </message>
    <message>
        <source>Bring the text back</source>
        <translation>Вернуть текст</translation>
    </message>
    <message>
        <source>Try it here</source>
        <translation>Попробовать здесь</translation>
    </message>
    <message>
        <source>Loudness</source>
        <translation>Громкость</translation>
    </message>
    <message>
        <source>Dictate</source>
        <translation>Диктовка</translation>
    </message>
    <message>
        <source>Recordings</source>
        <translation>Записи</translation>
    </message>
    <message>
        <source>History</source>
        <translation>История</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>{key} hold to talk</source>
        <translation>{key}: удерживать и говорить</translation>
    </message>
    <message>
        <source>{key} starts and stops</source>
        <translation>{key}: начать и закончить</translation>
    </message>
    <message>
        <source>{key} hold or tap to talk</source>
        <translation>{key}: удерживать или нажать</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Стоп</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Запись</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>{provider} · {state}</source>
        <translation>{provider} · {state}</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>Отключить</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>Подключить</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>Сервис распознавания</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Языки</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>System microphone</source>
        <translation>Системный микрофон</translation>
    </message>
    <message>
        <source>{provider} — needs a key</source>
        <translation>{provider} — нужен ключ</translation>
    </message>
    <message>
        <source>{provider} — needs a download</source>
        <translation>{provider} — нужна загрузка</translation>
    </message>
    <message>
        <source>Provider settings…</source>
        <translation>Настройки сервиса…</translation>
    </message>
    <message>
        <source>Clear the transcript</source>
        <translation>Очистить текст</translation>
    </message>
    <message>
        <source>Undo the last insertion</source>
        <translation>Отменить последнюю вставку</translation>
    </message>
    <message>
        <source>Retry the last take</source>
        <translation>Повторить последнюю запись</translation>
    </message>
    <message>
        <source>Kept takes…</source>
        <translation>Сохранённые записи…</translation>
    </message>
    <message>
        <source>Nothing was inserted that could be taken back.</source>
        <translation>Ничего такого, что можно убрать, не вставлено.</translation>
    </message>
    <message>
        <source>The microphone gives no sound at all. Is it muted?</source>
        <translation>С микрофона не идёт никакого звука. Он выключен?</translation>
    </message>
    <message>
        <source>Nothing can be heard. Is this the right microphone?</source>
        <translation>Ничего не слышно. Тот ли микрофон выбран?</translation>
    </message>
    <message>
        <source>the other program</source>
        <translation>другая программа</translation>
    </message>
    <message>
        <source>A second look corrected the text that is in {program}.</source>
        <translation>Повторное прослушивание исправило текст, который находится в {program}.</translation>
    </message>
    <message>
        <source>The old text is no longer there as it was: it was left alone.</source>
        <translation>Прежнего текста там больше нет в том же виде: он оставлен как есть.</translation>
    </message>
    <message>
        <source>Replace it there</source>
        <translation>Заменить его там</translation>
    </message>
    <message>
        <source>Copy the corrected text</source>
        <translation>Скопировать исправленный текст</translation>
    </message>
    <message>
        <source>Recordings from last time that never became text: {count}</source>
        <translation>Записи прошлого раза, которые не стали текстом: {count}</translation>
    </message>
    <message>
        <source>Export the transcript</source>
        <translation>Экспорт текста</translation>
    </message>
    <message>
        <source>Plain text (*.txt)</source>
        <translation>Простой текст (*.txt)</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Word document (*.docx)</source>
        <translation>Документ Word (*.docx)</translation>
    </message>
    <message>
        <source>Captions (*.srt)</source>
        <translation>Субтитры (*.srt)</translation>
    </message>
    <message>
        <source>Captions for the web (*.vtt)</source>
        <translation>Субтитры для веба (*.vtt)</translation>
    </message>
    <message>
        <source>Table (*.tsv)</source>
        <translation>Таблица (*.tsv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>Текст</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Dictation</source>
        <translation>Диктовка</translation>
    </message>
    <message>
        <source>No connection, still recording</source>
        <translation>Нет связи, запись продолжается</translation>
    </message>
    <message>
        <source>Nothing can be heard</source>
        <translation>Ничего не слышно</translation>
    </message>
    <message>
        <source>{provider} listens now</source>
        <translation>Теперь слушает {provider}</translation>
    </message>
    <message>
        <source>{cause} Recording kept.</source>
        <translation>{cause} Запись сохранена.</translation>
    </message>
</context>
<context>
    <name>Providers</name>
    <message>
        <source>Get a key</source>
        <translation>Получить ключ</translation>
    </message>
    <message>
        <source>Check now</source>
        <translation>Проверить</translation>
    </message>
    <message>
        <source>Checking…</source>
        <translation>Проверка…</translation>
    </message>
    <message>
        <source>Runs on this computer, free of charge.</source>
        <translation>Работает на этом компьютере, бесплатно.</translation>
    </message>
    <message>
        <source>About ${usd} per hour of sound (price list read on {date}).</source>
        <translation>Около {usd} $ за час звука (по прейскуранту от {date}).</translation>
    </message>
    <message>
        <source>About ${usd} per million characters (price list read on {date}).</source>
        <translation>Около {usd} $ за миллион знаков (по прейскуранту от {date}).</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Загрузить</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Remove: {model}</source>
        <translation>Удалить: {model}</translation>
    </message>
    <message>
        <source>Progress of the download</source>
        <translation>Ход загрузки</translation>
    </message>
    <message>
        <source>{done} MB so far</source>
        <translation>Пока {done} МБ</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>На этом компьютере</translation>
    </message>
    <message>
        <source>{done} of {total} MB</source>
        <translation>{done} из {total} МБ</translation>
    </message>
    <message>
        <source>{megabytes} MB to download</source>
        <translation>Загрузить {megabytes} МБ</translation>
    </message>
    <message>
        <source>Not on this computer</source>
        <translation>Нет на этом компьютере</translation>
    </message>
</context>
<context>
    <name>Recordings</name>
    <message>
        <source>comes next</source>
        <translation>на очереди</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>ждёт</translation>
    </message>
    <message>
        <source>done: no speech was understood</source>
        <translation>готово: речь не распознана</translation>
    </message>
    <message>
        <source>done</source>
        <translation>готово</translation>
    </message>
    <message>
        <source>stopped; what was understood is kept</source>
        <translation>остановлено; распознанное сохранено</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>остановлено</translation>
    </message>
    <message>
        <source>opening</source>
        <translation>открывается</translation>
    </message>
    <message>
        <source>{reason} Trying again in {seconds} s.</source>
        <translation>{reason} Новая попытка через {seconds} с.</translation>
    </message>
    <message>
        <source>reading the file</source>
        <translation>чтение файла</translation>
    </message>
    <message>
        <source>sent, waiting for the text</source>
        <translation>отправлено, ждём текст</translation>
    </message>
    <message>
        <source>{done} of {total}</source>
        <translation>{done} из {total}</translation>
    </message>
    <message>
        <source>less than a minute left</source>
        <translation>осталось меньше минуты</translation>
    </message>
    <message>
        <source>about {minutes} min left</source>
        <translation>осталось около {minutes} мин</translation>
    </message>
    <message>
        <source>about {hours} h left</source>
        <translation>осталось около {hours} ч</translation>
    </message>
    <message>
        <source>Recordings from last time that are not text yet: {count}</source>
        <translation>Записи с прошлого раза, ещё без текста: {count}</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Показать</translation>
    </message>
    <message>
        <source>Recordings that are text now: {done}; that failed: {failed}</source>
        <translation>Записей с готовым текстом: {done}; с ошибкой: {failed}</translation>
    </message>
    <message>
        <source>Drop recordings or films here and get their text.</source>
        <translation>Перетащите сюда записи или видео, чтобы получить их текст.</translation>
    </message>
    <message>
        <source>Add files…</source>
        <translation>Добавить файлы…</translation>
    </message>
    <message>
        <source>Add a folder…</source>
        <translation>Добавить папку…</translation>
    </message>
    <message>
        <source>Let go to turn these recordings into text</source>
        <translation>Отпустите, чтобы получить текст этих записей</translation>
    </message>
    <message>
        <source>{automatic}: {provider}</source>
        <translation>{automatic}: {provider}</translation>
    </message>
    <message>
        <source>Tell speakers apart</source>
        <translation>Различать говорящих</translation>
    </message>
    <message>
        <source>{provider} does not tell speakers apart</source>
        <translation>{provider} не различает говорящих</translation>
    </message>
    <message>
        <source>As for dictation</source>
        <translation>Как при диктовке</translation>
    </message>
    <message>
        <source>Recordings: {count}</source>
        <translation>Записи: {count}</translation>
    </message>
    <message>
        <source>Do first</source>
        <translation>Сделать первой</translation>
    </message>
    <message>
        <source>Before all others that wait</source>
        <translation>Раньше всех ожидающих</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Остановить</translation>
    </message>
    <message>
        <source>Save as…</source>
        <translation>Сохранить как…</translation>
    </message>
    <message>
        <source>Open the folder of the recording</source>
        <translation>Открыть папку с записью</translation>
    </message>
    <message>
        <source>Remove from the list</source>
        <translation>Убрать из списка</translation>
    </message>
    <message>
        <source>Chosen recording</source>
        <translation>Выбранная запись</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Продолжить</translation>
    </message>
    <message>
        <source>Do it again</source>
        <translation>Распознать заново</translation>
    </message>
    <message>
        <source>As chosen above</source>
        <translation>Как выбрано выше</translation>
    </message>
    <message>
        <source>Retry all that failed</source>
        <translation>Повторить все с ошибкой</translation>
    </message>
    <message>
        <source>Remove all that are done</source>
        <translation>Убрать все готовые</translation>
    </message>
    <message>
        <source>Recordings done: {done} of {total}</source>
        <translation>Готово записей: {done} из {total}</translation>
    </message>
    <message>
        <source>Add recordings</source>
        <translation>Добавить записи</translation>
    </message>
    <message>
        <source>Add a folder of recordings</source>
        <translation>Добавить папку с записями</translation>
    </message>
    <message>
        <source>Save the texts in a folder</source>
        <translation>Сохранить тексты в папку</translation>
    </message>
</context>
<context>
    <name>Remedies</name>
    <message>
        <source>Retry</source>
        <translation>Повторить</translation>
    </message>
    <message>
        <source>Enter the key</source>
        <translation>Ввести ключ</translation>
    </message>
    <message>
        <source>Choose another provider</source>
        <translation>Выбрать другой сервис</translation>
    </message>
    <message>
        <source>Choose a microphone</source>
        <translation>Выбрать микрофон</translation>
    </message>
    <message>
        <source>Allow the microphone</source>
        <translation>Разрешить микрофон</translation>
    </message>
    <message>
        <source>Download the model</source>
        <translation>Загрузить модель</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Ещё раз</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>Открыть папку</translation>
    </message>
    <message>
        <source>Choose another key</source>
        <translation>Выбрать другую клавишу</translation>
    </message>
    <message>
        <source>Open settings</source>
        <translation>Открыть настройки</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>Копировать текст</translation>
    </message>
</context>
<context>
    <name>Results</name>
    <message>
        <source>Inserted in {program}</source>
        <translation>Вставлено в {program}</translation>
    </message>
    <message>
        <source>Inserted</source>
        <translation>Вставлено</translation>
    </message>
    <message>
        <source>Probably inserted in {program}</source>
        <translation>Вероятно, вставлено в {program}</translation>
    </message>
    <message>
        <source>Probably inserted</source>
        <translation>Вероятно, вставлено</translation>
    </message>
    <message>
        <source>On the clipboard — press {keys}</source>
        <translation>В буфере обмена — нажмите {keys}</translation>
    </message>
    <message>
        <source>On the clipboard</source>
        <translation>В буфере обмена</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Готово</translation>
    </message>
    <message>
        <source>Nothing was said</source>
        <translation>Ничего не сказано</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>The system&apos;s default</source>
        <translation>По умолчанию в системе</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Автоматически</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Обзор…</translation>
    </message>
    <message>
        <source>One entry per line</source>
        <translation>По одному в строке</translation>
    </message>
    <message>
        <source>Keep the key</source>
        <translation>Сохранить ключ</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>Забыть</translation>
    </message>
    <message>
        <source>A key is kept; enter another to replace it</source>
        <translation>Ключ сохранён; введите другой, чтобы заменить</translation>
    </message>
    <message>
        <source>Paste the key here</source>
        <translation>Вставьте ключ сюда</translation>
    </message>
    <message>
        <source>Press the key now</source>
        <translation>Нажмите клавишу</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Нет</translation>
    </message>
    <message>
        <source>Click, then press the key or combination</source>
        <translation>Щёлкните и нажмите клавишу или сочетание</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Без клавиши</translation>
    </message>
    <message>
        <source>Way</source>
        <translation>Способ</translation>
    </message>
    <message>
        <source>Add a rule</source>
        <translation>Добавить правило</translation>
    </message>
    <message>
        <source>listens already</source>
        <translation>и так слушает</translation>
    </message>
    <message>
        <source>has no key yet, is passed over</source>
        <translation>ключа ещё нет, пропускается</translation>
    </message>
    <message>
        <source>has no model yet, is passed over</source>
        <translation>модель ещё не загружена, пропускается</translation>
    </message>
    <message>
        <source>is passed over</source>
        <translation>пропускается</translation>
    </message>
    <message>
        <source>Add a provider…</source>
        <translation>Добавить сервис…</translation>
    </message>
    <message>
        <source>Nobody: your words wait for the provider.</source>
        <translation>Никто: слова подождут сам сервис.</translation>
    </message>
    <message>
        <source>Earlier</source>
        <translation>Выше</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>Ниже</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Удалить</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Программа</translation>
    </message>
    <message>
        <source>Paste keys</source>
        <translation>Клавиши вставки</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Вставлять</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Печатать</translation>
    </message>
    <message>
        <source>Copy only</source>
        <translation>Только копировать</translation>
    </message>
    <message>
        <source>Keep keys in a file only I can read</source>
        <translation>Хранить ключи в файле, доступном только мне</translation>
    </message>
    <message>
        <source>Keep keys in memory until I quit</source>
        <translation>Хранить ключи в памяти до выхода</translation>
    </message>
    <message>
        <source>A change needs a new connection.</source>
        <translation>После изменения нужно новое соединение.</translation>
    </message>
    <message>
        <source>Set on the command line for this run</source>
        <translation>Задано в командной строке для этого запуска</translation>
    </message>
    <message>
        <source>Set by the environment variable {name}</source>
        <translation>Задано переменной окружения {name}</translation>
    </message>
    <message>
        <source>Back to the default: {title}</source>
        <translation>Вернуть по умолчанию: {title}</translation>
    </message>
    <message>
        <source>Back to the default</source>
        <translation>Вернуть по умолчанию</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Поиск по настройкам</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>Разделы настроек</translation>
    </message>
    <message>
        <source>No setting is called that.</source>
        <translation>Такой настройки нет.</translation>
    </message>
</context>
<context>
    <name>States</name>
    <message>
        <source>not connected</source>
        <translation>не подключено</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>подключение</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>подключено</translation>
    </message>
    <message>
        <source>reconnecting</source>
        <translation>восстановление связи</translation>
    </message>
    <message>
        <source>closing</source>
        <translation>закрытие</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>ошибка</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Готово к записи</translation>
    </message>
    <message>
        <source>Opening the microphone…</source>
        <translation>Включаю микрофон…</translation>
    </message>
    <message>
        <source>Listening</source>
        <translation>Слушаю</translation>
    </message>
    <message>
        <source>Finishing…</source>
        <translation>Заканчиваю…</translation>
    </message>
    <message>
        <source>Inserting…</source>
        <translation>Вставляю…</translation>
    </message>
</context>
<context>
    <name>Transcript</name>
    <message>
        <source>now</source>
        <translation>сейчас</translation>
    </message>
    <message>
        <source>corrected — was “{text}”</source>
        <translation>исправлено — было «{text}»</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Копировать</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Выделить всё</translation>
    </message>
    <message>
        <source>Transcript</source>
        <translation>Текст</translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message>
        <source>Stop dictation</source>
        <translation>Закончить диктовку</translation>
    </message>
    <message>
        <source>Start dictation</source>
        <translation>Начать диктовку</translation>
    </message>
    <message>
        <source>Show the window</source>
        <translation>Показать окно</translation>
    </message>
    <message>
        <source>Undo the last insertion</source>
        <translation>Отменить последнюю вставку</translation>
    </message>
    <message>
        <source>Retry the last take</source>
        <translation>Повторить последнюю запись</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Настройки</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Выйти</translation>
    </message>
    <message>
        <source>Something failed</source>
        <translation>Что-то не получилось</translation>
    </message>
    <message>
        <source>Nothing was inserted that could be taken back.</source>
        <translation>Ничего такого, что можно убрать, не вставлено.</translation>
    </message>
</context>
<context>
    <name>Welcome</name>
    <message>
        <source>More…</source>
        <translation>Подробнее…</translation>
    </message>
    <message>
        <source>More about {provider}</source>
        <translation>Подробнее: {provider}</translation>
    </message>
    <message>
        <source>Your words appear here.</source>
        <translation>Здесь появятся ваши слова.</translation>
    </message>
    <message>
        <source>Welcome to Debabelizer</source>
        <translation>Добро пожаловать в Debabelizer</translation>
    </message>
    <message>
        <source>Hold a key, speak, and the words land where your cursor is. It works right now.</source>
        <translation>Удерживайте клавишу, говорите — и слова появятся там, где курсор. Всё уже работает.</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>Попробуйте</translation>
    </message>
    <message>
        <source>Press the red button, say a sentence, press it again; or hold {key}.</source>
        <translation>Нажмите красную кнопку, скажите фразу, нажмите ещё раз; или удерживайте {key}.</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>Микрофон</translation>
    </message>
    <message>
        <source>The bars move while you speak. If they don&apos;t, choose another one.</source>
        <translation>Пока вы говорите, полоски движутся. Если нет, выберите другой микрофон.</translation>
    </message>
    <message>
        <source>Who listens</source>
        <translation>Кто слушает</translation>
    </message>
    <message>
        <source>You can change this at any time.</source>
        <translation>Это можно изменить в любое время.</translation>
    </message>
    <message>
        <source>The key</source>
        <translation>Клавиша</translation>
    </message>
    <message>
        <source>It works in every program, as long as you hold it.</source>
        <translation>Она работает в любой программе, пока вы её удерживаете.</translation>
    </message>
    <message>
        <source>Start dictating</source>
        <translation>Начать диктовать</translation>
    </message>
</context>
</TS>
