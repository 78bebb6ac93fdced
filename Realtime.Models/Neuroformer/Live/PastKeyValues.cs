using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Models.Neuroformer.Live;

/// <summary>
/// Keys and values of the past window for the history blocks. The past is neither normalised nor encoded, so that a token's key is the sum of
/// three rows of tables: of its id, its dt, and its place. Only tokens that differ from what stands there are made anew. One thread; allocates nothing per call.
/// </summary>
internal sealed class PastKeyValues
{
    // Rows made at once: whole panels of keys, and little enough to stay in the first-level cache.
    private const int Rows = 32;

    private readonly NeuroformerConfig _config;
    private readonly int _width;
    private readonly KeyValueCache[] _caches;
    private readonly AlignedFloats[] _ids;
    private readonly AlignedFloats[] _times;
    private readonly AlignedFloats[] _positions;
    private readonly int[] _heldIds;
    private readonly int[] _heldTimes;
    private readonly float[] _newKeys;
    private readonly float[] _newValues;
    private int _sharedPad = -1;

    public PastKeyValues(NeuroformerWeights weights, KernelSet kernels)
    {
        (_config, _width) = (weights.Config, weights.Config.NEmbd);
        var times = TimeTable.Of(weights.PastTime, _config, kernels);
        _ids = [.. weights.History.Select(block => Table(block, weights.Tokens, kernels, withBias: false))];
        _times = [.. weights.History.Select(block => Table(block, times, kernels, withBias: true))];
        _positions = [.. weights.History.Select(block => Table(block, weights.PastPositions, kernels, withBias: false))];
        _caches = [.. weights.History.Select(_ => new KeyValueCache(_config.BlockPrevId, _config.NHead, _config.HeadDim, kernels))];
        (_heldIds, _heldTimes) = (new int[_config.BlockPrevId], new int[_config.BlockPrevId]);
        Array.Fill(_heldIds, -1);
        (_newKeys, _newValues) = (new float[Rows * _width], new float[Rows * _width]);
        Scope = KeyScope.All(_config.BlockPrevId, kernels);
        Update(new LiveSequence(_config, _config.BlockPrevId, 0));
    }

    /// <summary>By history block.</summary>
    public IReadOnlyList<KeyValueCache> Caches => _caches;

    public KeyScope Scope { get; }

    /// <summary>Numbers of the tables: 2 × width for each history block and each id, dt and place.</summary>
    public static long TableNumbers(NeuroformerConfig config) =>
        2L * config.HistoryLayers * config.NEmbd * ((long)config.IdWords + config.DtWords + (config.PosEmb ? config.BlockPrevId : 0));

    /// <summary>Brings keys and values to these tokens.</summary>
    /// <returns>Whether anything changed.</returns>
    public bool Update(LiveSequence past)
    {
        // Without positions all PAD tokens are alike: one key stands for them, its score raised by the logarithm of their number.
        var rows = _config.PosEmb ? _config.BlockPrevId : Math.Min(_config.BlockPrevId, past.Eos + 2);
        var changed = rows != Scope.Keys;
        if (!_config.PosEmb) SharePad(past.Eos + 1, rows);
        for (var row = 0; row < rows;)
        {
            if (!Differs(row))
            {
                row++;
                continue;
            }

            var first = row;
            for (; row < rows && row - first < Rows && Differs(row); row++) (_heldIds[row], _heldTimes[row]) = (past.Ids[row], past.Times[row]);
            for (var layer = 0; layer < _caches.Length; layer++) Put(layer, first, row - first);
            changed = true;
        }

        return changed;

        bool Differs(int row) => _heldIds[row] != past.Ids[row] || _heldTimes[row] != past.Times[row];
    }

    private void SharePad(int pad, int rows)
    {
        if (_sharedPad >= 0) Scope.Bases.Span[_sharedPad] = 0;
        _sharedPad = pad < rows ? pad : -1;
        if (_sharedPad >= 0) Scope.Bases.Span[_sharedPad] = (float)Math.Log(_config.BlockPrevId - pad);
        Scope.Keys = rows;
    }

    private void Put(int layer, int first, int count)
    {
        for (var row = 0; row < count; row++)
        {
            var id = Entry(_ids, _heldIds[first + row]);
            var time = Entry(_times, _heldTimes[first + row]);
            var position = _config.PosEmb ? Entry(_positions, first + row) : default;
            RowArithmetic.Sum(id[.._width], time, position, _newKeys.AsSpan(row * _width, _width));
            RowArithmetic.Sum(id[_width..], time[_width..], position.IsEmpty ? default : position[_width..], _newValues.AsSpan(row * _width, _width));
        }

        _caches[layer].PutKeys(_newKeys, first, count);
        _caches[layer].PutValues(_newValues, first, count);

        ReadOnlySpan<float> Entry(AlignedFloats[] tables, int entry) => tables[layer].Span.Slice(entry * 2 * _width, 2 * _width);
    }

    /// <summary>Key and value of each of some vectors, [vectors, 2 × width].</summary>
    private AlignedFloats Table(NeuroformerBlockWeights block, float[] vectors, KernelSet kernels, bool withBias)
    {
        var table = new AlignedFloats(checked(2 * vectors.Length));
        Map(block.Attention.Key, 0);
        Map(block.Attention.Value, _width);
        return table;

        void Map(LinearWeights map, int column)
        {
            if (vectors.Length == 0) return;
            var packed = kernels.Pack(map.Weight, map.Outputs, map.Inputs, withBias ? map.Bias : default);
            kernels.Multiply(vectors, _width, vectors.Length / _width, packed, table.Span[column..], 2 * _width);
        }
    }
}
