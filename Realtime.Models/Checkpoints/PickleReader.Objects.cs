using Realtime.Models.Weights;

namespace Realtime.Models.Checkpoints;

/// <content>The few objects that a checkpoint needs: tensors, storages, ordered dictionaries.</content>
internal sealed partial class PickleReader
{
    private int _tensors;

    private void StackGlobal()
    {
        if (PopLast(2) is not [string module, string name]) throw _input.Wrong("names a global by something that is no text.", CheckpointAdvice.CopyAgain);
        Global(module, name);
    }

    private void Global(string module, string name) => _stack.Add(PickleGlobal.Find(module, name)
        ?? throw _input.Wrong($"refers to '{PickleInput.Shown(module)}.{PickleInput.Shown(name)}', which is not needed for plain values and tensors.",
            CheckpointAdvice.SaveStateDict));

    private void Reduce()
    {
        if (PopLast(2) is not [PickleGlobal function, PickleTuple arguments]) throw _input.Wrong("calls something that is no known function.", CheckpointAdvice.SaveStateDict);
        _stack.Add((function.Kind, arguments.Items) switch
        {
            (PickleGlobalKind.OrderedDict, []) => new PickleDictionary(ordered: true),

            // Whether it wants gradients, its backward hooks, and metadata say nothing about the numbers.
            (PickleGlobalKind.RebuildTensor, [CheckpointStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDictionary])
                => Tensor(storage, offset, shape, strides),
            (PickleGlobalKind.RebuildTensor, [CheckpointStorage storage, long offset, PickleTuple shape, PickleTuple strides, bool, PickleDictionary, _])
                => Tensor(storage, offset, shape, strides),
            (PickleGlobalKind.RebuildParameter, [CheckpointTensor tensor, bool, PickleDictionary]) => tensor,
            _ => throw _input.Wrong($"calls '{function.Name}' with arguments that it never has in a state dict.", CheckpointAdvice.SaveStateDict),
        });
    }

    /// <summary>A module's state dict carries its versions as an attribute; nothing else may set attributes.</summary>
    private void Build()
    {
        PopLast(1);
        if (Top() is not PickleDictionary { IsOrdered: true })
            throw _input.Wrong($"sets the attributes of something that is no {PickleGlobal.OrderedDictName}.", CheckpointAdvice.SaveStateDict);
    }

    private void Persistent()
    {
        if (PopLast(1) is not [PickleTuple { Items: ["storage", PickleGlobal { Kind: PickleGlobalKind.Storage } type, string key, string, long count] }])
            throw _input.Wrong("refers to something outside the pickle that is no storage.", CheckpointAdvice.SaveStateDict);
        var length = storageLength(key);
        if (length < 0) throw _input.Wrong($"refers to the storage 'data/{PickleInput.Shown(key)}', which the file does not hold.", CheckpointAdvice.CopyAgain);
        if (!TensorShape.TryBytes([count], type.Type, out var due) || due > length)
            throw _input.Wrong($"says that 'data/{PickleInput.Shown(key)}' holds {count} elements of {type.Type.Name()}; it has {length} bytes.", CheckpointAdvice.CopyAgain);
        _stack.Add(new CheckpointStorage(key, type.Type, count));
    }

    private CheckpointTensor Tensor(CheckpointStorage storage, long offset, PickleTuple shapeItems, PickleTuple strideItems)
    {
        if (++_tensors > CheckpointLimits.MaxTensors) throw _input.Wrong($"makes more than {CheckpointLimits.MaxTensors} tensors.", CheckpointAdvice.SaveStateDict);
        var shape = Lengths(shapeItems, "size");
        var strides = Lengths(strideItems, "stride");
        if (shape.Length != strides.Length) throw _input.Wrong($"makes a tensor of {shape.Length} axes with {strides.Length} strides.", CheckpointAdvice.CopyAgain);
        if (!TensorShape.TryBytes(shape, storage.Type, out var bytes))
            throw _input.Wrong($"makes a tensor of shape {TensorShape.Text(shape)}, too large for any machine.", CheckpointAdvice.CopyAgain);
        if (bytes > 0) CheckInside(storage, offset, shape, strides);
        if (bytes / storage.Type.Size() > Math.Max(storage.Count, CheckpointLimits.MaxRepeatedElements))
        {
            throw _input.Wrong($"makes a tensor of shape {TensorShape.Text(shape)} from {storage.Count} elements by repeating them.",
                "Save the state dict again with each tensor made whole: {name: tensor.contiguous() ...}.");
        }

        TensorsOfStorage[storage.Key] = TensorsOfStorage.GetValueOrDefault(storage.Key) + 1;
        return new CheckpointTensor(storage, offset, shape, strides);
    }

    /// <summary>The last element must lie inside the storage. Sums are stopped at the storage's end, so that they cannot overflow.</summary>
    private void CheckInside(CheckpointStorage storage, long offset, long[] shape, long[] strides)
    {
        var last = (Int128)offset;
        for (var axis = 0; axis < shape.Length && last < storage.Count; axis++) last += (Int128)(shape[axis] - 1) * strides[axis];
        if (offset < 0 || last >= storage.Count)
        {
            throw _input.Wrong(
                $"makes a tensor of shape {TensorShape.Text(shape)}, strides {TensorShape.Text(strides)}, from element {offset}, which leaves its storage of {storage.Count} elements.",
                CheckpointAdvice.CopyAgain);
        }
    }

    private long[] Lengths(PickleTuple items, string what)
    {
        if (items.Items.Count > CheckpointLimits.MaxAxes) throw _input.Wrong($"makes a tensor of {items.Items.Count} axes; {CheckpointLimits.MaxAxes} at most exist.", CheckpointAdvice.CopyAgain);
        var lengths = new long[items.Items.Count];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = items.Items[axis] is long length and >= 0
                ? length
                : throw _input.Wrong($"makes a tensor with a {what} that is no whole number from 0.", CheckpointAdvice.CopyAgain);
        }

        return lengths;
    }
}
