using Realtime.Models.Kernels;

namespace Realtime.Models.Differentiation.Operations;

internal sealed unsafe class AttendOperation : Operation
{
    private readonly Variable _q;
    private readonly Variable _keys;
    private readonly Variable _values;
    private readonly (int Query, int Key, int Value) _columns;
    private readonly SegmentAttention _common;
    private readonly AttentionSegment* _segments;
    private readonly int _count;

    // What segments name; null for none.
    private readonly float* _masks;

    // What each segment keeps, one after the other.
    private readonly float* _kept;

    private AttendOperation(
        Variable result, Variable q, Variable keys, Variable values, (int Query, int Key, int Value) columns, in SegmentAttention common,
        AttentionSegment* segments, int count, float* masks, float* kept)
        : base(result)
    {
        (_q, _keys, _values, _columns, _common) = (q, keys, values, columns, common);
        _segments = segments;
        _count = count;
        _masks = masks;
        _kept = kept;
    }

    public static Variable Run(
        Tape tape, Variable q, int queryColumn, Variable keys, int keyColumn, Variable values, int valueColumn, int heads, int headDim,
        ReadOnlySpan<AttentionSegment> segments, int outputRows, double dropout, ReadOnlySpan<float> masks)
    {
        var width = checked(heads * headDim);
        CheckColumns(q, queryColumn, width, "queries");
        CheckColumns(keys, keyColumn, width, "keys");
        CheckColumns(values, valueColumn, width, "values");
        var result = tape.New(outputRows, width, q.NeedsGradient || keys.NeedsGradient || values.NeedsGradient);
        result.Value.Clear();
        var (scratch, kept) = (0, 0L);
        foreach (var segment in segments)
        {
            Check(segment, q, keys, values, outputRows);
            if (segment.Mask >= 0 && segment.Mask + (long)segment.Queries * segment.Keys > masks.Length)
                throw new ArgumentException($"{segment} names a mask beyond the {masks.Length} numbers given.", nameof(masks));
            scratch = Math.Max(scratch, tape.Kernels.SegmentScratch(segment.Queries, segment.Keys, headDim));
            kept += tape.Kernels.SegmentKept(segment.Queries, segment.Keys, heads, headDim);
        }

        var common = new SegmentAttention { Heads = heads, HeadDim = headDim, Scale = (float)(1 / Math.Sqrt(headDim)), Draw = tape.NextDraw(dropout) };
        var keptMemory = result.NeedsGradient ? tape.Keep(checked((int)kept)) : null;
        var operation = new AttendOperation(
            result, q, keys, values, (queryColumn, keyColumn, valueColumn), common, tape.Keep(segments), segments.Length,
            masks.IsEmpty ? null : tape.Keep(masks), keptMemory);
        operation.Forward(tape, scratch);
        if (result.NeedsGradient) tape.Record(operation);
        return result;
    }

    public override void Backward(Tape tape)
    {
        var call = _common;
        var scratch = 0;
        for (var i = 0; i < _count; i++) scratch = Math.Max(scratch, tape.Kernels.SegmentScratch(_segments[i].Queries, _segments[i].Keys, call.HeadDim));
        call.Scratch = tape.Scratch(scratch);
        call.Kept = _kept;
        var queries = new RowsAddedTo(tape, _q);
        var keys = _keys == _q ? queries : new RowsAddedTo(tape, _keys);
        var values = _values == _q ? queries : _values == _keys ? keys : new RowsAddedTo(tape, _values);
        for (var i = 0; i < _count; i++)
        {
            var segment = _segments[i];
            queries.Ready(segment.FirstQuery, segment.Queries);
            keys.Ready(segment.FirstKey, segment.Keys, segment.KeyStep);
            values.Ready(segment.FirstKey, segment.Keys, segment.KeyStep);
            Place(ref call, in segment);
            call.OutputGradient = Result.Flow + (call.Output - Result.ValuePointer);
            call.QueryGradient = queries.Gradient is null ? null : queries.Gradient + (call.Query - _q.ValuePointer);
            call.KeyGradient = keys.Gradient is null ? null : keys.Gradient + (call.Key - _keys.ValuePointer);
            call.ValueGradient = values.Gradient is null ? null : values.Gradient + (call.Value - _values.ValuePointer);
            tape.Kernels.AttendSegmentGradient(in call);
            Pass(tape, ref call);
        }

        queries.Finish();
        keys.Finish();
        values.Finish();
    }

    private void Forward(Tape tape, int scratch)
    {
        var call = _common;
        call.Scratch = tape.Scratch(scratch);
        call.Kept = _kept;
        for (var i = 0; i < _count; i++)
        {
            Place(ref call, in _segments[i]);
            tape.Kernels.AttendSegment(in call);
            Pass(tape, ref call);
        }
    }

    private void Place(ref SegmentAttention call, in AttentionSegment segment)
    {
        (call.Queries, call.Keys) = (segment.Queries, segment.Keys);
        (call.QueryStride, call.OutputStride) = (_q.Width, Result.Width);
        call.KeyStride = (nint)segment.KeyStep * _keys.Width;
        call.ValueStride = (nint)segment.KeyStep * _values.Width;
        call.Query = _q.ValuePointer + (nint)segment.FirstQuery * _q.Width + _columns.Query;
        call.Key = _keys.ValuePointer + (nint)segment.FirstKey * _keys.Width + _columns.Key;
        call.Value = _values.ValuePointer + (nint)segment.FirstKey * _values.Width + _columns.Value;
        call.Mask = segment.Mask < 0 || _masks is null ? null : _masks + segment.Mask;
        call.Output = Result.ValuePointer + (nint)segment.FirstOutput * Result.Width;
    }

    /// <summary>To what belongs to the next segment.</summary>
    private static void Pass(Tape tape, ref SegmentAttention call)
    {
        if (call.Kept is not null) call.Kept += tape.Kernels.SegmentKept(call.Queries, call.Keys, call.Heads, call.HeadDim);
        call.FirstPlace += (uint)call.Heads * (uint)call.Queries * (uint)call.Keys;
    }

    private static void CheckColumns(Variable x, int column, int width, string what)
    {
        if (column < 0 || column + (long)width > x.Width) throw new ArgumentException($"Columns {column} to {column + (long)width} of {what} with {x.Width} columns.");
    }

    private static void Check(in AttentionSegment segment, Variable q, Variable keys, Variable values, int outputRows)
    {
        var lastKey = segment.FirstKey + (segment.Keys - 1L) * segment.KeyStep;
        var holds = segment.Queries >= 0 && segment.Keys >= 0 && segment.FirstQuery >= 0 && segment.FirstOutput >= 0
            && segment.FirstQuery + (long)segment.Queries <= q.Rows && segment.FirstOutput + (long)segment.Queries <= outputRows
            && (segment.Keys == 0 || (segment.KeyStep > 0 && segment.FirstKey >= 0 && lastKey < keys.Rows && lastKey < values.Rows));
        if (!holds)
            throw new ArgumentException($"{segment} is outside {q.Rows} queries, {keys.Rows} keys, {values.Rows} values or {outputRows} rows of the result.");
    }
}
