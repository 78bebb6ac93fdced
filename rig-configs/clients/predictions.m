function predictions(endpoint, modelHash, maxAgeMs, silenceMs)
%PREDICTIONS  Receives the decoder's predictions and acts only on those that are safe to act on.
%
%   predictions('tcp://127.0.0.1:5599', '9f86d081...')
%   predictions(endpoint, modelHash, maxAgeMs, silenceMs)
%
% NOT TESTED: no MATLAB was at hand when this was written. It follows the Python client beside it line by line (that one is tested);
% try it against a replay before you trust it with a stimulator, and check that it goes to the safe state when you stop the decoder.
%
% It uses MATLAB's Python bridge, as Python is on most rigs already. Once, in a shell:   pip install pyzmq msgpack
% and in MATLAB, where it does not find Python by itself:   pyenv('Version', 'C:\path\to\python.exe')
% (which versions go together: "Versions of Python Compatible with MATLAB" in the documentation.)
% The bridge takes some tenths of a millisecond for each call and its time is not bounded: for hard deadlines use the C# or Python client.
% The message is described in docs/prediction-message.md. Put your own code into act() and goSafe().

if nargin < 3, maxAgeMs = 100; end      % oldest neural data to act on
if nargin < 4, silenceMs = 250; end     % go to the safe state after this long without a message

context = py.zmq.Context();
socket = context.socket(py.zmq.SUB);
socket.setsockopt(py.zmq.SUBSCRIBE, py.bytes(uint8('prediction')));
socket.setsockopt(py.zmq.LINGER, int32(0));
socket.connect(endpoint);
closing = onCleanup(@() finish(socket, context));   % also on Ctrl+C and on an error

goSafe('start');
heard = tic;
while true
    leftMs = silenceMs - 1000 * toc(heard);
    if leftMs <= 0 || double(socket.poll(int32(ceil(leftMs)))) == 0
        goSafe(sprintf('silence for %d ms', silenceMs));
        heard = tic;
        continue
    end
    [found, payload] = newest(socket);
    if ~found, continue, end
    heard = tic;
    try
        message = py.msgpack.unpackb(payload);
        [reason, values] = whyNot(message, modelHash, maxAgeMs);
    catch problem       % whatever a payload holds, this function goes on
        reason = ['unreadable message: ' problem.message];
    end
    if isempty(reason)
        act(int64(message{'tick'}), values);
    else
        goSafe(reason);
    end
end
end

function [found, payload] = newest(socket)
% The payload of the newest prediction that waits (a queue that built up is old news).
found = false;
payload = [];
while double(socket.poll(int32(0))) ~= 0
    frames = cell(socket.recv_multipart());
    if numel(frames) == 2 && strcmp(char(frames{1}.decode()), 'prediction')   % a subscription also lets longer topics through
        found = true;
        payload = frames{2};
    end
end
end

function [reason, values] = whyNot(message, modelHash, maxAgeMs)
% Empty when the message may be acted on, otherwise the reason against it.
values = [];
reason = '';
if int64(message{'v'}) ~= 1
    reason = sprintf('schema version %d, this function reads 1', int64(message{'v'}));
    return
end
status = char(message{'status'});
hash = char(message{'model_hash'});
% Transport comes on top of this age. 64-bit integers: int64(...), never double(...), for wall_ns.
ageMs = double(int64(message{'age_ns'})) / 1e6;
values = cellfun(@double, cell(message{'values'}));
if ~strcmp(status, 'fresh')
    reason = ['status ' status];
elseif ~strcmp(hash, modelHash)
    reason = ['model hash ' hash ', expected ' modelHash];
elseif ~(ageMs <= maxAgeMs)
    reason = sprintf('data are %.1f ms old, allowed are %g', ageMs, maxAgeMs);
elseif isempty(values) || ~all(isfinite(values))
    reason = 'a value is missing or not finite';
end
end

function act(tick, values)
% Uses a prediction that passed every check.
fprintf('act tick=%d %s\n', tick, mat2str(values, 4));
end

function goSafe(reason)
% Brings whatever this function drives to its safe state. Called again and again while the reason lasts.
fprintf('safe %s\n', reason);
end

function finish(socket, context)
goSafe('stop');
socket.close();
context.term();
end
