namespace Realtime.Models.Checkpoints;

/// <summary>
/// Reads the pickle of a checkpoint into plain values. It runs nothing: names are compared with a short list, and the three calls on that
/// list are done here. No recursion, so no file can exhaust the stack; every opcode counts against a limit, and none makes more than its
/// own bytes and the stack hold.
/// </summary>
/// <param name="bytes">The pickle.</param>
/// <param name="file">For messages.</param>
/// <param name="storageLength">Bytes of the storage of that key; -1 where there is none.</param>
internal sealed partial class PickleReader(byte[] bytes, string file, Func<string, long> storageLength)
{
    private readonly PickleInput _input = new(bytes, file);
    private readonly List<object?> _stack = [];
    private readonly Dictionary<uint, object?> _memo = [];
    private int _marks;

    /// <summary>Tensors made so far, by the key of their storage.</summary>
    public Dictionary<string, int> TensorsOfStorage { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads to the end.</summary>
    /// <returns>null, bool, long, BigInteger, double, string, PickleList, PickleTuple, PickleDictionary or CheckpointTensor.</returns>
    /// <exception cref="ModelFormatException">The pickle is damaged, needs what is not read, or breaks a limit.</exception>
    public object? Read()
    {
        if (_input.Opcode() != PickleOpcode.Proto) throw _input.Wrong("is no beginning of a pickle of protocol 2 to 4.", CheckpointAdvice.CopyAgain);
        var protocol = _input.Byte();
        if (protocol is < 2 or > 4)
            throw _input.Wrong($"says protocol {protocol}; 2 to 4 are read.", "Save the checkpoint again without naming a pickle protocol.");
        for (var operations = 0; operations < CheckpointLimits.MaxOperations; operations++)
        {
            var opcode = _input.Opcode();
            if (opcode == PickleOpcode.Stop) return Result();
            Execute(opcode);
        }

        throw _input.Wrong($"is behind {CheckpointLimits.MaxOperations} opcodes, the most that are read.", CheckpointAdvice.SaveStateDict);
    }

    private void Execute(byte opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Mark:
                _stack.Add(PickleMark.Instance);
                _marks++;
                break;
            case PickleOpcode.None: _stack.Add(null); break;
            case PickleOpcode.NewTrue: _stack.Add(true); break;
            case PickleOpcode.NewFalse: _stack.Add(false); break;
            case PickleOpcode.BinInt: _stack.Add((long)_input.Int32()); break;
            case PickleOpcode.BinInt1: _stack.Add((long)_input.Byte()); break;
            case PickleOpcode.BinInt2: _stack.Add((long)_input.UInt16()); break;
            case PickleOpcode.Long1: _stack.Add(_input.Integer(_input.Byte())); break;
            case PickleOpcode.BinFloat: _stack.Add(_input.Double()); break;
            case PickleOpcode.BinUnicode: _stack.Add(_input.Text(_input.UInt32())); break;
            case PickleOpcode.ShortBinUnicode: _stack.Add(_input.Text(_input.Byte())); break;
            case PickleOpcode.EmptyDict: _stack.Add(new PickleDictionary(ordered: false)); break;
            case PickleOpcode.EmptyList: _stack.Add(new PickleList()); break;
            case PickleOpcode.EmptyTuple: _stack.Add(PickleTuple.Empty); break;
            case PickleOpcode.Tuple: _stack.Add(new PickleTuple(PopToMark())); break;
            case PickleOpcode.Tuple1: _stack.Add(new PickleTuple(PopLast(1))); break;
            case PickleOpcode.Tuple2: _stack.Add(new PickleTuple(PopLast(2))); break;
            case PickleOpcode.Tuple3: _stack.Add(new PickleTuple(PopLast(3))); break;
            case PickleOpcode.Append: Append(PopLast(1)); break;
            case PickleOpcode.Appends: Append(PopToMark()); break;
            case PickleOpcode.SetItem: SetItems(PopLast(2)); break;
            case PickleOpcode.SetItems: SetItems(PopToMark()); break;
            case PickleOpcode.BinPut: _memo[_input.Byte()] = Top(); break;
            case PickleOpcode.LongBinPut: _memo[_input.UInt32()] = Top(); break;
            case PickleOpcode.Memoize: _memo[(uint)_memo.Count] = Top(); break;
            case PickleOpcode.BinGet: Get(_input.Byte()); break;
            case PickleOpcode.LongBinGet: Get(_input.UInt32()); break;
            case PickleOpcode.Frame: _input.Frame(); break;
            case PickleOpcode.Global: Global(_input.Line(), _input.Line()); break;
            case PickleOpcode.StackGlobal: StackGlobal(); break;
            case PickleOpcode.Reduce: Reduce(); break;
            case PickleOpcode.Build: Build(); break;
            case PickleOpcode.BinPersId: Persistent(); break;
            default:
                throw _input.Wrong($"is the opcode {PickleOpcode.Describe(opcode)}, which a checkpoint of plain values and tensors does not need.",
                    CheckpointAdvice.SaveStateDict);
        }
    }

    private object? Result()
    {
        if (_stack.Count != 1 || _marks != 0) throw _input.Wrong($"ends the pickle with {_stack.Count} values on its stack; 1 is due.", CheckpointAdvice.CopyAgain);
        return _stack[0];
    }

    private void Append(object?[] items)
    {
        if (Top() is not PickleList list) throw _input.Wrong("appends to something that is no list.", CheckpointAdvice.CopyAgain);
        list.Values.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not PickleDictionary dictionary) throw _input.Wrong("sets an item of something that is no dictionary.", CheckpointAdvice.CopyAgain);
        if (items.Length % 2 != 0) throw _input.Wrong("sets a key without a value.", CheckpointAdvice.CopyAgain);
        for (var i = 0; i < items.Length; i += 2)
        {
            if (items[i] is not (null or string or long or double or bool))
                throw _input.Wrong("sets a key that is neither text nor a number.", CheckpointAdvice.SaveStateDict);
            dictionary.Set(items[i], items[i + 1]);
        }
    }

    private void Get(uint index)
    {
        if (!_memo.TryGetValue(index, out var value)) throw _input.Wrong($"asks for memo {index}, which was never put there.", CheckpointAdvice.CopyAgain);
        _stack.Add(value);
    }

    /// <summary>The value on top, which stays there.</summary>
    private object? Top() => _stack.Count > 0 && _stack[^1] is not PickleMark ? _stack[^1] : throw Underflow();

    private object?[] PopLast(int count)
    {
        if (_stack.Count < count) throw Underflow();
        var items = _stack.GetRange(_stack.Count - count, count).ToArray();
        if (Array.Exists(items, item => item is PickleMark)) throw Underflow();
        _stack.RemoveRange(_stack.Count - count, count);
        return items;
    }

    /// <summary>What lies above the newest mark, which goes too. Each value is looked at once, then gone from the stack.</summary>
    private object?[] PopToMark()
    {
        if (_marks == 0) throw Underflow();
        var mark = _stack.FindLastIndex(item => item is PickleMark);
        var items = _stack.GetRange(mark + 1, _stack.Count - mark - 1).ToArray();
        _stack.RemoveRange(mark, _stack.Count - mark);
        _marks--;
        return items;
    }

    private ModelFormatException Underflow() => _input.Wrong("takes more from the stack than lies on it.", CheckpointAdvice.CopyAgain);
}
